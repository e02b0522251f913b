const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Three days in all; the schedule runs each minute. */
const WAITS_MS = [
  ...[MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
];

/** What comes of an attempt, the n-th from 1. `status`: of the answer; null when none came. */
export type AttemptResult = { isDelivered: boolean; retryAfterMs: number | null };

/**
 * Delivered by any 2xx. 410 means that the receiver is gone: no further attempt. Anything else is repeated, a redirect too, since it
 * is not followed; after nine repetitions it is given up.
 */
export function afterAttempt(attempt: number, status: number | null): AttemptResult {
  if (status !== null && status >= 200 && status < 300) return { isDelivered: true, retryAfterMs: null };
  if (status === 410) return { isDelivered: false, retryAfterMs: null };
  return { isDelivered: false, retryAfterMs: WAITS_MS[attempt - 1] ?? null };
}
