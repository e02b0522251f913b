import type { InboundEvent } from "../domain/inbound-event.ts";

/** What Meta displays for a number, as its webhooks say it: digits. */
export type DisplayedNumber = { phoneNumberId: string; displayPhoneNumber: string };

/** Not longer: a database that was restored has lost the newest ones. */
const STORED_FOR_MS = 60_000;
const MOST_PAIRS = 10_000;

/**
 * The pairs that were stored a moment ago, so that a webhook, which carries the same pair as the one before it, does not store it
 * again. Storing one twice changes nothing.
 */
export class DisplayedNumbers {
  readonly #storedAtMs = new Map<string, number>();

  /** The pairs that the events carry, each once, without those that were stored in the last minute. */
  unstored(events: InboundEvent[], nowMs: number): DisplayedNumber[] {
    const pairs = new Map<string, DisplayedNumber>();
    for (const { phoneNumberId, displayPhoneNumber } of events) {
      if (!phoneNumberId || !displayPhoneNumber) continue;
      const pair = { phoneNumberId, displayPhoneNumber };
      const storedAtMs = this.#storedAtMs.get(keyOf(pair)) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - storedAtMs >= STORED_FOR_MS) pairs.set(keyOf(pair), pair);
    }
    return [...pairs.values()];
  }

  /** Records that the database has these pairs: called once their transaction has committed. */
  stored(pairs: DisplayedNumber[], nowMs: number): void {
    if (this.#storedAtMs.size + pairs.length > MOST_PAIRS) this.#storedAtMs.clear();
    for (const pair of pairs) this.#storedAtMs.set(keyOf(pair), nowMs);
  }
}

function keyOf({ phoneNumberId, displayPhoneNumber }: DisplayedNumber): string {
  return `${phoneNumberId} ${displayPhoneNumber}`;
}
