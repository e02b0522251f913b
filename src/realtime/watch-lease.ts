/** After a crash the lease stays in force this long at most. */
const LEASE_MS = 10 * 60_000;
/** A lease with less time left than this is renewed. */
const RENEW_BELOW_MS = 5 * 60_000;
/** An alarm that is already due must not become a loop. */
const MIN_ALARM_DELAY_MS = 250;
/** When the database is down, not every room may ask it four times a second. */
const RETRY_AFTER_MS = 10_000;

/**
 * The lease in Postgres during which publishers call this object. Writes go out one after the other: of two at once, the
 * older could commit last.
 */
export class WatchLease {
  readonly #setUntil: (until: Date | null) => Promise<void>;
  #untilMs = 0;
  #retryAtMs = 0;
  #writes: Promise<void> = Promise.resolve();

  constructor(setUntil: (until: Date | null) => Promise<void>) {
    this.#setUntil = setUntil;
  }

  /** Whether this instance has tried to acquire the lease: one that has just woken does not know until when it is in force. */
  get isKnown(): boolean {
    return this.#untilMs > 0 || this.#retryAtMs > 0;
  }

  /** Acquires or renews the lease, unless enough time is left. Once it resolves, every commit is published here. */
  async acquire(nowMs: number): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#untilMs - nowMs > RENEW_BELOW_MS) return;
      const untilMs = nowMs + LEASE_MS;
      this.#retryAtMs = nowMs + RETRY_AFTER_MS;
      await this.#setUntil(new Date(untilMs));
      this.#untilMs = untilMs;
    });
  }

  /** Ends the lease, unless a client has connected by the time it is this write's turn. */
  async release(isWatched: () => boolean): Promise<void> {
    await this.#enqueue(async () => {
      if (isWatched()) return;
      this.#untilMs = 0;
      this.#retryAtMs = 0;
      await this.#setUntil(null);
    });
  }

  /**
   * When the alarm is due: at the first token expiry (null: no socket is left), or in time to renew. Nobody is in a hurry to release
   * it: whoever has left may be back in a moment, and so may thousands at once.
   */
  nextCheckMs(nowMs: number, earliestExpiryMs: number | null): number {
    const renewalMs = Math.max(this.#untilMs - RENEW_BELOW_MS, this.#retryAtMs);
    const dueMs = Math.min(earliestExpiryMs ?? renewalMs, renewalMs);
    return Math.max(dueMs, nowMs + MIN_ALARM_DELAY_MS);
  }

  async #enqueue(write: () => Promise<void>): Promise<void> {
    const done = this.#writes.then(write);
    this.#writes = done.catch(() => undefined);
    await done;
  }
}
