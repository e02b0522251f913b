/** Counts calls by the second. */
export class CallRate {
  #second = 0;
  #calls = 0;
  #callsBefore = 0;

  /** Counts one call; gives how many came in the last whole second, or in this one if that is more already. */
  add(nowMs: number): number {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#second) {
      this.#callsBefore = second === this.#second + 1 ? this.#calls : 0;
      this.#second = second;
      this.#calls = 0;
    }
    this.#calls += 1;
    return Math.max(this.#callsBefore, this.#calls);
  }
}
