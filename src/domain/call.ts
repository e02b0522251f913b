import type { MetaError } from "./common-fields.ts";

/** What Meta tells of one call; several tellings, in any order, are one call by its id. */
export type ParsedCall = {
  /** Meta's id, which begins with `wacid.`. */
  callId: string;
  /** `connect`, `terminate`, … or, of a telling about its state, `status`. */
  event: string;
  /** Who began it; null where this telling does not say. */
  direction: "inbound" | "outbound" | null;
  /** Meta's word: `RINGING`, `ACCEPTED`, `REJECTED`; at the end `COMPLETED` or `FAILED`. */
  status: string | null;
  from: string | null;
  to: string | null;
  /** The person outside. */
  contact: { phone: string | null; userId: string | null; username: string | null; name: string | null };
  at: string;
  startedAt: string | null;
  endedAt: string | null;
  durationS: number | null;
  /** A customer's call opens the 24 hours whether we answer or not, and so does their taking a call of ours. */
  opensServiceWindow: boolean;
  /** What we had it carry. */
  tag: string | null;
  errors: MetaError[];
};
