import { AppError } from "../errors.ts";
import { HeldBytes, type Hold } from "./held-bytes.ts";

/** Ordinary webhooks have a few kilobytes, and never wait. */
const SMALL_BYTES = 16 * 1024;
/** Of a larger body only a slice is in memory as events. */
const MOST_BYTES = 128 * 1024;
const POLL_MS = 25;

/** `storingBytes`, `waitingBytes`: in all. `holdMs`: longer than any body takes to be stored. */
type Limits = { storingBytes: number; waitingBytes: number; deadlineMs: number; holdMs: number };
type Clock = { wait: (ms: number) => Promise<void>; nowMs: () => number };

/**
 * Bounds how many large bodies are stored at once. While it is stored, a long text is in memory several times: in the body, in the
 * event, in the shard, and in its call to Postgres. Where storing takes long, a hundred would fill an isolate, which then loses all of them.
 */
export class LargeBodies {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #storing: HeldBytes;
  readonly #waiting: HeldBytes;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#storing = new HeldBytes(limits.holdMs, clock.nowMs);
    this.#waiting = new HeldBytes(limits.holdMs, clock.nowMs);
  }

  /** Waits for its turn. Throws `not_durable` when that takes too long, or too many wait: Meta delivers again. */
  async whileHeld(bodyBytes: number, store: () => Promise<void>): Promise<void> {
    if (bodyBytes <= SMALL_BYTES) return await store();
    const hold = await this.#turnOf(bodyBytes);
    try {
      await store();
    } finally {
      this.#storing.end(hold);
    }
  }

  /** By a timer of its own: a request cannot be woken by another one. */
  async #turnOf(bodyBytes: number): Promise<Hold> {
    const { storingBytes, waitingBytes, deadlineMs } = this.#limits;
    const bytes = Math.min(bodyBytes, MOST_BYTES);
    const untilMs = this.#clock.nowMs() + deadlineMs;
    const wait = this.#waiting.begin(bodyBytes);
    try {
      while (this.#storing.total + bytes > storingBytes) {
        if (this.#waiting.total > waitingBytes || this.#clock.nowMs() > untilMs)
          throw new AppError("not_durable", "Too many large bodies are being stored. Deliver it again.", {
            retryAfter: 5,
          });
        await this.#clock.wait(POLL_MS);
      }
      return this.#storing.begin(bytes);
    } finally {
      this.#waiting.end(wait);
    }
  }
}
