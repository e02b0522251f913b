import type { ParsedCall } from "../domain/call.ts";
import type { ContentOf, FieldsOf } from "../domain/message-content.ts";
import { toBody } from "./content/to-body.ts";
import { parseCalls } from "./parse-calls.ts";
import type { ParsedMessage } from "./parse-message.ts";

/**
 * Parses a value of the field `calls` with one event of one call, as an amendment of the call's message: any two events, in
 * any order, give the same result. Null without an id, a time or a customer; `ignored` for an event that does not change the
 * state of the call, such as a recording.
 */
export function parseCallMessage(value: unknown): ParsedMessage | "ignored" | null {
  const [call] = parseCalls(value);
  if (!call) return null;
  const { callId, event, status, at, contact, opensServiceWindow, errors } = call;
  if (!contact.phone && !contact.userId) return null;
  const own = parseState(call);
  if (!own) return "ignored";
  const commonFields = { context: null, referral: null, sender: null, identityHash: null, errors };
  const content: ContentOf<"call"> = { ...own, ...commonFields };
  return {
    // Of two events in the same second the greater wamid wins: "terminate" is the greatest.
    wamid: `${callId}#${event}${status === null ? "" : `.${status}`}`,
    fromMe: content.direction === "outbound",
    contact: { ...contact, groupId: null },
    messageType: "call",
    body: toBody(content),
    content: JSON.stringify(content),
    refersTo: callId,
    amends: "call",
    emoji: null,
    newBody: toBody(content),
    opensServiceWindow,
    at,
  };
}

function parseState(call: ParsedCall): FieldsOf<"call"> | null {
  const state = stateOf(call);
  if (!state) return null;
  const { direction, startedAt, endedAt, durationS } = call;
  // Only a call to us may lack a direction: our own calls always have one.
  return {
    type: "call",
    direction: direction ?? "inbound",
    state,
    startedAt,
    endedAt,
    durationSeconds: durationS,
  };
}

/** Meta gives a start and a duration only for a call that was answered. */
function stateOf({ event, status, startedAt, durationS }: ParsedCall): ContentOf<"call">["state"] | null {
  if (event === "connect") return "ringing";
  if (event === "terminate") return startedAt !== null || durationS ? "ended" : "missed";
  if (event !== "status") return null;
  if (status === "ACCEPTED") return "answered";
  if (status === "REJECTED") return "rejected";
  return status === "RINGING" ? "ringing" : null;
}
