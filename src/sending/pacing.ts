import { backoffMs } from "../backoff.ts";
import type { GraphError } from "../whatsapp/graph-error.ts";

const RETRY_BACKOFF = { firstMs: 1_000, maxMs: 60_000 };
/** Too many messages to one person, and too many from one number. */
const PAIR_RATE = 131056;
const NUMBER_RATE = 130429;

/** Meta's limit for a number; an upgrade to 1,000 is Meta's to give, and a slower start costs nothing. */
const PER_SECOND = 80;
const SLOWEST_PER_SECOND = 5;
/** How long a halved rate takes to recover. */
const RECOVERY_MS = 60_000;
/** Refusals that come closer than this after one another left at one pace: it is halved once for them. */
const ONE_REFUSAL_MS = 1_000;
/** To one person a message every 6 seconds, of which 45 may be borrowed from the future. */
const PAIR_EVERY_MS = 6_000;
const PAIR_BURST = 45;

/** How long to wait before the attempt after this one (the first is 1). Meta's `Retry-After` wins when it is longer. */
export function retryDelayMs(
  { code, retryAfterMs }: Pick<GraphError, "code" | "retryAfterMs">,
  attempts: number,
): number {
  // To one person Meta asks for 4^n seconds.
  const factor = code === PAIR_RATE ? 4 : 2;
  return Math.max(backoffMs(attempts, { ...RETRY_BACKOFF, factor }), retryAfterMs ?? 0);
}

/**
 * Spaces the messages of one phone below Meta's two limits: per second in all, and per recipient.
 * A message waits for its recipient first and acquires a slot only then: a slot held while waiting would be wasted, and
 * all messages that waited for the same moment would leave at once.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput
 */
export class Pacer {
  /** When the next message of the number may leave. */
  #freeAtMs = 0;
  #perSecond = PER_SECOND;
  #slowedAtMs = Number.NEGATIVE_INFINITY;
  /** By chat: when all that was sent would have left at Meta's pace: ahead of the clock by what is borrowed. */
  readonly #pairs = new Map<number, number>();

  /** Charges one message to a chat's recipient; returns how long it must wait before it acquires a slot. */
  chargeRecipient(chatId: number, nowMs: number): number {
    this.#forget(nowMs);
    const paidAtMs = Math.max(this.#pairs.get(chatId) ?? 0, nowMs) + PAIR_EVERY_MS;
    this.#pairs.set(chatId, paidAtMs);
    return Math.max(0, paidAtMs - nowMs - PAIR_BURST * PAIR_EVERY_MS);
  }

  /** Acquires the phone's next slot for a message that may leave now; returns how long to wait for it. */
  acquireSlot(nowMs: number): number {
    const leavesAtMs = Math.max(this.#freeAtMs, nowMs);
    this.#freeAtMs = leavesAtMs + 1_000 / this.#rate(nowMs);
    return leavesAtMs - nowMs;
  }

  /**
   * Charges a message to its recipient (null when its chat is not known yet), and acquires a slot; returns how long to wait for it. Null,
   * and nothing is charged, when it would have to wait longer than `limitMs`, or for its recipient.
   */
  chargeSoon(chatId: number | null, nowMs: number, limitMs: number): number | null {
    const paidAtMs = (chatId !== null && this.#pairs.get(chatId)) || nowMs;
    if (paidAtMs + PAIR_EVERY_MS > nowMs + PAIR_BURST * PAIR_EVERY_MS || this.#freeAtMs > nowMs + limitMs)
      return null;
    if (chatId !== null) this.chargeRecipient(chatId, nowMs);
    return this.acquireSlot(nowMs);
  }

  /** Halves the pace after Meta refused the phone for its rate, whatever we counted. The pace recovers with time. */
  slowDown(code: number | null, nowMs: number): void {
    if (code !== NUMBER_RATE || nowMs - this.#slowedAtMs < ONE_REFUSAL_MS) return;
    this.#perSecond = Math.max(SLOWEST_PER_SECOND, this.#rate(nowMs) / 2);
    this.#slowedAtMs = nowMs;
  }

  #rate(nowMs: number): number {
    const recovered = Math.min(1, (nowMs - this.#slowedAtMs) / RECOVERY_MS);
    return this.#perSecond + (PER_SECOND - this.#perSecond) * recovered;
  }

  /** A chat that owes nothing need not be remembered. */
  #forget(nowMs: number): void {
    if (this.#pairs.size < 10_000) return;
    for (const [chatId, paidAtMs] of this.#pairs) if (paidAtMs <= nowMs) this.#pairs.delete(chatId);
  }
}
