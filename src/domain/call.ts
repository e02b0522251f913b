import type { MetaError } from "./common-fields.ts";
import type { MediaReference } from "./inbound-event.ts";
import type { CallFile } from "./message.ts";

/** One event of a call. Events with one call id, in any order, are one call. */
export type ParsedCall = {
  /** Meta's id, which begins with `wacid.`. */
  callId: string;
  /** `connect`, `terminate`, …, or `status` for a change of state. */
  event: string;
  /** Who called; null where this event does not say. */
  direction: "inbound" | "outbound" | null;
  /** Meta's state: `RINGING`, `ACCEPTED`, `REJECTED`; at the end `COMPLETED` or `FAILED`. */
  status: string | null;
  from: string | null;
  to: string | null;
  /** The customer. */
  contact: { phone: string | null; userId: string | null; username: string | null; name: string | null };
  at: string;
  startedAt: string | null;
  endedAt: string | null;
  durationS: number | null;
  /** A customer's call opens the service window even unanswered, and so does their answering our call. */
  opensServiceWindow: boolean;
  /** The tag that we sent with the call. */
  tag: string | null;
  errors: MetaError[];
  /** What Meta recorded of it: then the event does not say how the call stands. */
  file: { kind: CallFile["kind"]; media: MediaReference } | null;
};
