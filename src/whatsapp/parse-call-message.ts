import type { ParsedCall } from "../domain/call.ts";
import type { ContentOf, FieldsOf, MediaType } from "../domain/message-content.ts";
import { NO_COMMON_FIELDS } from "./content/common-fields.ts";
import { toBody } from "./content/to-body.ts";
import { parseCalls } from "./parse-calls.ts";
import type { ParsedMessage } from "./parse-message.ts";

/**
 * Parses a value of the field `calls` with one event of one call, as an amendment of the call's message: any two events, in
 * any order, give the same result. Null without an id, a time or a customer; `ignored` for an event that says nothing about
 * the call that a chat shows.
 */
export function parseCallMessage(value: unknown): ParsedMessage | "ignored" | null {
  const [call] = parseCalls(value);
  if (!call) return null;
  const { callId, event, status, at, contact, opensServiceWindow, errors, file } = call;
  if (!contact.phone && !contact.userId) return null;
  const shared = {
    contact: { ...contact, groupId: null },
    refersTo: callId,
    amends: "call",
    emoji: null,
    at,
  } as const;
  if (file) return { ...shared, ...fileMessage(call, file) };
  const own = parseState(call);
  if (!own) return "ignored";
  const content: ContentOf<"call"> = { ...own, ...NO_COMMON_FIELDS, errors };
  return {
    ...shared,
    // Of two events that say as much, the later one counts; in the same second the one with the greater wamid.
    wamid: `${callId}#${event}${status === null ? "" : `.${status}`}`,
    fromMe: content.direction === "outbound",
    messageType: "call",
    body: toBody(content),
    content: JSON.stringify(content),
    newBody: toBody(content),
    opensServiceWindow,
  };
}

/** A recording or a transcript: it changes nothing that the call's row says. */
function fileMessage({ callId, direction }: ParsedCall, { kind, media }: NonNullable<ParsedCall["file"]>) {
  const { metaId: mediaId, mimeType, sha256, fileName } = media;
  const type = kind === "recording" ? "audio" : "document";
  const flags = { caption: null, voice: false, voicemail: false, animated: false };
  const content: ContentOf<MediaType> = {
    type,
    mediaId,
    mimeType,
    sha256,
    fileName,
    ...flags,
    ...NO_COMMON_FIELDS,
  };
  return {
    wamid: `${callId}#${kind}.${mediaId}`,
    fromMe: direction === "outbound",
    messageType: `call_${kind}`,
    body: `[call ${kind}]`,
    content: JSON.stringify(content),
    media,
    newBody: null,
    opensServiceWindow: false,
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
    durationSeconds: state === "failed" ? null : durationS,
  };
}

/** Libraries know several words for it. */
const UNANSWERED = /^(?:NO_?ANSWER|UNANSWERED|MISSED|TIMEOUT)$/;

/** Meta gives a start and a duration only for a call that was answered; it may have failed all the same. */
function stateOf({ event, status, startedAt, durationS }: ParsedCall): ContentOf<"call">["state"] | null {
  const state = status?.toUpperCase();
  if (event === "connect") return "ringing";
  if (event === "terminate") {
    if (state === "REJECTED") return "rejected";
    if (startedAt === null && !durationS) return "missed";
    return state === "FAILED" ? "failed" : "ended";
  }
  if (event !== "status") return null;
  if (state === "ACCEPTED") return "answered";
  if (state === "REJECTED") return "rejected";
  if (state === "FAILED") return "failed";
  if (UNANSWERED.test(state ?? "")) return "missed";
  return state === "RINGING" ? "ringing" : null;
}
