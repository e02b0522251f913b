const FAILURES = 3;
/** Longer than a call may take: what was slow and is then given up counts twice. */
const WITHIN_MS = 15_000;
const PAUSE_MS = 5_000;

/**
 * Whether Postgres is worth asking just now. After three failures in fifteen seconds it is left alone for five; then one call
 * may try, and the others go on without it until that one has answered.
 */
export class Breaker {
  readonly #failedAtMs: number[] = [];
  #openUntilMs = 0;
  #isProbing = false;

  /** Whether it is left alone, or tried by one call. */
  get isOpen(): boolean {
    return this.#openUntilMs !== 0;
  }

  /** Whether a call may be made. Whoever is let through says how it went. */
  allows(nowMs: number): boolean {
    if (this.#openUntilMs === 0) return true;
    if (nowMs < this.#openUntilMs || this.#isProbing) return false;
    this.#isProbing = true;
    return true;
  }

  succeeded(): void {
    this.#failedAtMs.length = 0;
    this.#openUntilMs = 0;
    this.#isProbing = false;
  }

  failed(nowMs: number): void {
    while (this.#failedAtMs[0] !== undefined && this.#failedAtMs[0] <= nowMs - WITHIN_MS)
      this.#failedAtMs.shift();
    this.#failedAtMs.push(nowMs);
    if (this.#isProbing || this.#failedAtMs.length >= FAILURES) this.#openUntilMs = nowMs + PAUSE_MS;
    this.#isProbing = false;
  }
}
