/** When a snoozed chat comes back: in an hour, or at nine in the morning of a day. */
export const snoozes = ["hour", "tomorrow", "monday"] as const;
export type Snooze = (typeof snoozes)[number];

const MORNING = 9;

export function snoozeUntil(snooze: Snooze, now: Date): Date {
  if (snooze === "hour") return new Date(now.getTime() + 3_600_000);
  // On a Monday: the next one.
  const days = snooze === "tomorrow" ? 1 : (8 - now.getDay()) % 7 || 7;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}
