/** How far a client may lag behind what was sent to it. A socket's own queue has no limit and cannot be measured. */
const UNACKNOWLEDGED_LIMIT_FRAMES = 1_000;
const UNACKNOWLEDGED_LIMIT_BYTES = 1_000_000;

const encoder = new TextEncoder();

/**
 * What went into a socket: the number of its last frame, the size of each frame that its client has not acknowledged,
 * oldest first, and all that may wait in the socket's queue.
 */
export type Sent = { lastSeq: number; unacked: number[]; unackedBytes: number };

/** A frame that its client acknowledges, and its size: the length in UTF-8. */
export type Numbered = { text: string; bytes: number };

export function numbered(frame: object): Numbered {
  const text = JSON.stringify(frame);
  return { text, bytes: encoder.encode(text).length };
}

export function sentUpTo(lastSeq: number): Sent {
  return { lastSeq, unacked: [], unackedBytes: 0 };
}

/** The next frame, of that size, has gone into the socket. Changes its argument: a copy for each frame of a replay costs more. */
export function addSent(sent: Sent, bytes: number): void {
  sent.lastSeq += 1;
  sent.unacked.push(bytes);
  sent.unackedBytes += bytes;
}

/** The client says that it has everything up to a number; what it cannot have yet, or has said before, changes nothing. */
export function afterAck(sent: Sent, seq: number): Sent {
  const { lastSeq, unacked, unackedBytes } = sent;
  const acked = Math.min(seq, lastSeq) - (lastSeq - unacked.length);
  if (acked <= 0) return sent;
  const left = unacked.slice(acked);
  const arrived = unacked.slice(0, acked).reduce((sum, bytes) => sum + bytes, 0);
  return { lastSeq, unacked: left, unackedBytes: left.length === 0 ? 0 : unackedBytes - arrived };
}

/** What follows a number goes out once more: until all of it is acknowledged, both copies may wait. */
export function afterRewind(sent: Sent, seq: number): Sent {
  return seq < sent.lastSeq ? { ...sent, lastSeq: seq, unacked: [] } : sent;
}

/** Whether a client is cut off: it stopped reading, and what is sent to it piles up in memory. */
export function isTooSlow({ unacked, unackedBytes }: Sent): boolean {
  return unacked.length > UNACKNOWLEDGED_LIMIT_FRAMES || unackedBytes > UNACKNOWLEDGED_LIMIT_BYTES;
}
