/** `unknown`: the customer has not written first, so Meta decides. */
export type ServiceWindow =
  | { kind: "open"; leftMs: number; urgency: "calm" | "soon" | "last" }
  | { kind: "closed" }
  | { kind: "unknown" };

const SOON_MS = 2 * 3_600_000;
const LAST_MS = 15 * 60_000;

/** How long it is still open, in hours or, near its end, in minutes. */
export function formatLeft(
  leftMs: number,
  texts: { hours(n: number): string; minutes(n: number): string },
): string {
  const minutes = Math.ceil(leftMs / 60_000);
  return minutes > 90 ? texts.hours(Math.floor(minutes / 60)) : texts.minutes(minutes);
}

/** The customer service window at a moment: amber in its last two hours, red in its last quarter of an hour. */
export function serviceWindowAt(expiresAt: string | null, nowMs: number): ServiceWindow {
  if (expiresAt === null) return { kind: "unknown" };
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) return { kind: "closed" };
  return { kind: "open", leftMs, urgency: leftMs <= LAST_MS ? "last" : leftMs <= SOON_MS ? "soon" : "calm" };
}
