/** When a snoozed chat comes back: in an hour, or at nine in the morning of a day. */
export type Snooze = "hour" | "tomorrow" | "monday";

const MORNING = 9;

/** Those to choose from: on a Sunday Monday is tomorrow. */
export function snoozesOn(now: Date): Snooze[] {
  return now.getDay() === 0 ? ["hour", "tomorrow"] : ["hour", "tomorrow", "monday"];
}

export function snoozeUntil(snooze: Snooze, now: Date): Date {
  if (snooze === "hour") return new Date(now.getTime() + 3_600_000);
  // On a Monday: the next one.
  const days = snooze === "tomorrow" ? 1 : (8 - now.getDay()) % 7 || 7;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}
