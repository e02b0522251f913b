const WINDOW_MS = 24 * 60 * 60 * 1000;

/** `unknown`: no message of theirs has ever been seen, so Meta decides. */
export type ReplyWindow = "open" | "closed" | "unknown";

/**
 * When the 24 hours for free text end, counted from Meta's time of the customer's last message; null when there is none.
 * With `now` given, a message from the future (a clock that is wrong) counts as written now.
 */
export function windowExpiresAt(lastInboundAt: Date | null, now?: Date): Date | null {
  if (!lastInboundAt) return null;
  const writtenMs = Math.min(lastInboundAt.getTime(), now?.getTime() ?? Number.POSITIVE_INFINITY);
  return new Date(writtenMs + WINDOW_MS);
}

/** Whether free text may be sent now. In the very last instant the window is closed already. */
export function replyWindow(lastInboundAt: Date | null, now: Date): ReplyWindow {
  const expiresAt = windowExpiresAt(lastInboundAt, now);
  if (!expiresAt) return "unknown";
  return now < expiresAt ? "open" : "closed";
}
