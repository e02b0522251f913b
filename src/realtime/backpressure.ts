/** How far a client may lag behind what was sent to it. A socket's own queue has no limit and cannot be measured. */
const UNACKNOWLEDGED_LIMIT_EVENTS = 1_000;
const UNACKNOWLEDGED_LIMIT_BYTES = 1_000_000;

type Sent = { lastSeq: number; ackedSeq: number; unackedBytes: number };

/** Whether a client is cut off: it stopped reading, and what is sent to it piles up in memory. */
export function isTooSlow({ lastSeq, ackedSeq, unackedBytes }: Sent): boolean {
  return lastSeq - ackedSeq > UNACKNOWLEDGED_LIMIT_EVENTS || unackedBytes > UNACKNOWLEDGED_LIMIT_BYTES;
}
