const FAILURE_LIMIT = 3;
/** Longer than a call may take, so that a call counts twice: once as slow, once as failed. */
const WINDOW_MS = 15_000;
const OPEN_MS = 5_000;

/**
 * The circuit breaker in front of Postgres. Three failures within fifteen seconds open it for five seconds. Then it lets one
 * call through as a probe, and rejects all others until the outcome of that call is recorded.
 */
export class CircuitBreaker {
  readonly #failedAtMs: number[] = [];
  #openUntilMs = 0;
  #isProbing = false;

  /** True while calls are rejected, and while a probe is in flight. */
  get isOpen(): boolean {
    return this.#openUntilMs !== 0;
  }

  /** Whether a call may be made. After true, the caller must record the outcome. */
  tryAcquire(nowMs: number): boolean {
    if (this.#openUntilMs === 0) return true;
    if (nowMs < this.#openUntilMs || this.#isProbing) return false;
    this.#isProbing = true;
    return true;
  }

  recordSuccess(): void {
    this.#failedAtMs.length = 0;
    this.#openUntilMs = 0;
    this.#isProbing = false;
  }

  recordFailure(nowMs: number): void {
    while (this.#failedAtMs[0] !== undefined && this.#failedAtMs[0] <= nowMs - WINDOW_MS)
      this.#failedAtMs.shift();
    this.#failedAtMs.push(nowMs);
    if (this.#isProbing || this.#failedAtMs.length >= FAILURE_LIMIT) this.#openUntilMs = nowMs + OPEN_MS;
    this.#isProbing = false;
  }
}
