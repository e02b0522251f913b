const MINUTE_MS = 60_000;

/** The beginnings of the minutes after that of `from`, before `until`. */
export function minutesBetween(from: Date, until: Date): Date[] {
  const first = startOfNext(from);
  const count = Math.max(0, Math.ceil((until.getTime() - first) / MINUTE_MS));
  return Array.from({ length: count }, (_, n) => new Date(first + n * MINUTE_MS));
}

/** The beginning of the next of these minutes of an hour (0 to 59), after that of `from`: within an hour. Null for none. */
export function nextOfMinutes(minutes: readonly number[], from: Date): Date | null {
  const anHourLater = new Date(startOfNext(from) + 60 * MINUTE_MS);
  return minutesBetween(from, anHourLater).find((at) => minutes.includes(at.getUTCMinutes())) ?? null;
}

function startOfNext(from: Date): number {
  return (Math.floor(from.getTime() / MINUTE_MS) + 1) * MINUTE_MS;
}
