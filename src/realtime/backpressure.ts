/** Limits on what a client has not acknowledged. A socket's own send queue is unbounded and cannot be measured. */
const UNACKED_LIMIT_FRAMES = 1_000;
const UNACKED_LIMIT_BYTES = 1_000_000;

const encoder = new TextEncoder();

/** What one socket was sent and its client has not acknowledged. */
export type SendWindow = {
  /** The number of the last frame sent. */
  lastSeq: number;
  /** The size in bytes of each unacknowledged frame, oldest first. */
  unacked: number[];
  /** All bytes that may still be queued. After a rewind that is more than the sum of `unacked`. */
  unackedBytes: number;
};

/** A frame that its client acknowledges, and its size in UTF-8. */
export type EncodedFrame = { text: string; bytes: number };

export function encodeFrame(frame: object): EncodedFrame {
  const text = JSON.stringify(frame);
  return { text, bytes: encoder.encode(text).length };
}

export function emptyWindow(lastSeq: number): SendWindow {
  return { lastSeq, unacked: [], unackedBytes: 0 };
}

/** Adds the frame that was just sent. Mutates its argument: a copy for each frame of a replay would cost more. */
export function recordSent(window: SendWindow, bytes: number): void {
  window.lastSeq += 1;
  window.unacked.push(bytes);
  window.unackedBytes += bytes;
}

/** Acknowledges all frames up to `seq`. Returns the same window for a repeated `seq`; one not sent yet counts as the last sent. */
export function acknowledge(window: SendWindow, seq: number): SendWindow {
  const { lastSeq, unacked, unackedBytes } = window;
  const count = Math.min(seq, lastSeq) - (lastSeq - unacked.length);
  if (count <= 0) return window;
  const left = unacked.slice(count);
  const ackedBytes = unacked.slice(0, count).reduce((sum, bytes) => sum + bytes, 0);
  return { lastSeq, unacked: left, unackedBytes: left.length === 0 ? 0 : unackedBytes - ackedBytes };
}

/** Sends everything after `seq` again. The first copies still count until all of it is acknowledged: both may be queued. */
export function rewind(window: SendWindow, seq: number): SendWindow {
  return seq < window.lastSeq ? { ...window, lastSeq: seq, unacked: [] } : window;
}

/**
 * Whether sending must wait for acknowledgements. Never without an unacknowledged frame, so one is sent even after a rewind
 * with a full queue: its acknowledgement shows that the queue is empty.
 */
export function isFull({ unacked, unackedBytes }: SendWindow): boolean {
  if (unacked.length === 0) return false;
  return unacked.length >= UNACKED_LIMIT_FRAMES || unackedBytes >= UNACKED_LIMIT_BYTES;
}

/** Whether a window that was full has room enough to go on: sending frame by frame would read the same events again and again. */
export function hasRoom({ unacked, unackedBytes }: SendWindow): boolean {
  return (
    unacked.length === 0 ||
    (unacked.length <= UNACKED_LIMIT_FRAMES / 2 && unackedBytes <= UNACKED_LIMIT_BYTES / 2)
  );
}
