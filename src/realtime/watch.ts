/** How long a watch holds without being renewed: a crash lets it run out. */
const WATCH_MS = 10 * 60_000;
const RENEW_MS = 5 * 60_000;
/** An alarm that is due already must not become a loop. */
const SOONEST_MS = 250;
/** Nor must a database that is away be asked by every room four times a second. */
const RETRY_AFTER_MS = 10_000;

/**
 * Keeps the mark in Postgres that says somebody watches, so that publishers call. Changes leave one after the other:
 * of two calls under way at once the older could commit last.
 */
export class Watch {
  readonly #mark: (until: Date | null) => Promise<void>;
  #untilMs = 0;
  #retryAtMs = 0;
  #changes: Promise<void> = Promise.resolve();

  constructor(mark: (until: Date | null) => Promise<void>) {
    this.#mark = mark;
  }

  /** Sees to it that the mark stands for a while. Resolves when it does: what is committed from then on is published. */
  async hold(nowMs: number): Promise<void> {
    await this.#next(async () => {
      if (this.#untilMs - nowMs > RENEW_MS) return;
      const untilMs = nowMs + WATCH_MS;
      this.#retryAtMs = nowMs + RETRY_AFTER_MS;
      await this.#mark(new Date(untilMs));
      this.#untilMs = untilMs;
    });
  }

  /** Takes the mark away, unless `stillWatched` says when its turn comes that somebody has come meanwhile. */
  async release(stillWatched: () => boolean): Promise<void> {
    await this.#next(async () => {
      if (stillWatched()) return;
      this.#untilMs = 0;
      await this.#mark(null);
    });
  }

  /** When to look again: at the end of a token, or in time for the renewal; soon when nobody is left. */
  nextLookMs(nowMs: number, tokenEndsMs: number | null): number {
    const renewalMs = Math.max(this.#untilMs - RENEW_MS, this.#retryAtMs);
    const due = Math.min(tokenEndsMs ?? nowMs, renewalMs);
    return Math.max(due, nowMs + SOONEST_MS);
  }

  async #next(change: () => Promise<void>): Promise<void> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => undefined);
    await done;
  }
}
