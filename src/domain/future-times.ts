import type { InboundEvent } from "./inbound-event.ts";

/** Meta's clock and ours may differ, but not by a day. */
const TOLERANCE_MS = 24 * 60 * 60_000;

/**
 * The event with every time of Meta's that lies more than a day ahead replaced by `now`. A message of the year 9999 would stay the
 * newest of its chat, and an edit, a name or a preference of then could never be changed again.
 */
export function withoutFutureTimes(event: InboundEvent, now: Date): InboundEvent {
  const limit = new Date(now.getTime() + TOLERANCE_MS).toISOString();
  const nowText = now.toISOString();
  // Times are RFC 3339 in UTC with milliseconds, so they compare as text.
  const clamp = <Dated extends { at: string | null }>(dated: Dated): Dated =>
    dated.at !== null && dated.at > limit ? { ...dated, at: nowText } : dated;
  switch (event.kind) {
    case "status":
      return clamp(event);
    case "message": {
      const { identityChange } = event;
      return clamp(identityChange ? { ...event, identityChange: clamp(identityChange) } : event);
    }
    case "notice": {
      const { parsed, names, message } = event;
      return {
        ...event,
        ...(names && { names: names.map(clamp) }),
        ...(message && { message: clamp(message) }),
        ...(parsed && {
          parsed: clamp({
            ...parsed,
            preferences: parsed.preferences.map(clamp),
            identityChanges: parsed.identityChanges.map(clamp),
          }),
        }),
      };
    }
  }
}
