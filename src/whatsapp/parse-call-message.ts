import type { ParsedCall } from "../domain/call.ts";
import type { CallContent, MessageContent } from "../domain/message-content.ts";
import { toBody } from "./message-content.ts";
import { parseCalls } from "./parse-calls.ts";
import type { ParsedMessage } from "./parse-message.ts";

/**
 * Reads a value of the field `calls` that holds one telling of one call, as what changes the call's row: so do any two
 * tellings, in any order, end alike. Null without an id, a moment in time, or anything that says who it is; `untold` for
 * what says nothing of how the call stands, such as that it was recorded.
 */
export function parseCallMessage(value: unknown): ParsedMessage | "untold" | null {
  const [call] = parseCalls(value);
  if (!call) return null;
  const { callId, event, status, at, contact, opensServiceWindow, errors } = call;
  if (!contact.phone && !contact.userId) return null;
  const bare = parseContent(call);
  if (!bare) return "untold";
  const beside = { context: null, referral: null, sender: null, identityHash: null, errors };
  const content: MessageContent = { ...bare, ...beside };
  return {
    // Of two tellings of one second the greater wamid holds: "terminate" is the greatest.
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

function parseContent(call: ParsedCall): CallContent | null {
  const state = stateOf(call);
  if (!state) return null;
  const { direction, startedAt, endedAt, durationS } = call;
  // Only who calls us from outside goes unnamed: our own calls say whose they are.
  return {
    type: "call",
    direction: direction ?? "inbound",
    state,
    startedAt,
    endedAt,
    durationSeconds: durationS,
  };
}

/** Meta tells a beginning and a length only of a call that was taken. */
function stateOf({ event, status, startedAt, durationS }: ParsedCall): CallContent["state"] | null {
  if (event === "connect") return "ringing";
  if (event === "terminate") return startedAt !== null || durationS ? "ended" : "missed";
  if (event !== "status") return null;
  if (status === "ACCEPTED") return "answered";
  if (status === "REJECTED") return "rejected";
  return status === "RINGING" ? "ringing" : null;
}
