/** What one request has in memory. `untilMs`: it counts no longer than that. */
export type Hold = { bytes: number; readonly untilMs: number };

/**
 * Counts the bytes that requests have in memory. Cloudflare may cancel a request whose client has gone, and then none of its code runs,
 * `finally` neither (https://github.com/panva/jose/issues/509): what such a request holds is forgotten after `limitMs`.
 */
export class HeldBytes {
  readonly #limitMs: number;
  readonly #nowMs: () => number;
  readonly #holds = new Set<Hold>();

  constructor(limitMs: number, nowMs: () => number) {
    this.#limitMs = limitMs;
    this.#nowMs = nowMs;
  }

  get total(): number {
    let total = 0;
    for (const hold of this.#holds) {
      if (hold.untilMs < this.#nowMs()) this.#holds.delete(hold);
      else total += hold.bytes;
    }
    return total;
  }

  /** The caller may add to its bytes, and ends it. */
  begin(bytes: number): Hold {
    const hold = { bytes, untilMs: this.#nowMs() + this.#limitMs };
    this.#holds.add(hold);
    return hold;
  }

  end(hold: Hold): void {
    this.#holds.delete(hold);
  }
}
