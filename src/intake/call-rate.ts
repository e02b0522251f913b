/** Counts calls per second. */
export class CallRate {
  #second = 0;
  #calls = 0;
  #callsBefore = 0;

  /** Counts one call. Returns the count of the previous second, or of the current one if that is already higher. */
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
