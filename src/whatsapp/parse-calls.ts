import type { ParsedCall } from "../domain/call.ts";
import type { MediaReference } from "../domain/inbound-event.ts";
import { isUserId } from "../domain/user-id.ts";
import { parseMetaErrors } from "./content/common-fields.ts";
import {
  idOf,
  numberOf,
  objectOf,
  objectsOf,
  phoneIdOf,
  shortTextOf,
  timeOf,
  wordOf,
} from "./json-fields.ts";
import type { JsonObject } from "./json-text.ts";
import { displayPhoneOf } from "./payload.ts";

const MOST_ITEMS = 10_000;

/**
 * Field `calls`: what happened to calls, and how those that we began stand. Left out is what has no id or no time, and the
 * media description (SDP), which is for who takes the call. The value's own errors go with its calls.
 */
export function parseCalls(value: unknown): ParsedCall[] {
  const { calls, statuses, contacts, errors, metadata } = objectOf(value);
  const ourPhone = displayPhoneOf(metadata);
  const people = objectsOf(contacts, MOST_ITEMS);
  const beside = parseMetaErrors(errors);
  const read = (call: JsonObject, isStatus: boolean): ParsedCall[] => {
    const callId = idOf(call.id);
    const at = timeOf(call.timestamp);
    if (!callId || !at) return [];
    const direction = isStatus ? "outbound" : directionOf(call, ourPhone);
    const event = isStatus ? "status" : (shortTextOf(call.event) ?? "unknown");
    const status = wordOf(call.status);
    const [startedAt, endedAt] = [timeOf(call.start_time), timeOf(call.end_time)];
    return [
      {
        callId,
        event,
        direction,
        status,
        from: phoneIdOf(call.from),
        to: phoneIdOf(call.to) ?? phoneIdOf(call.recipient_id),
        contact: contactOf(call, direction === "outbound", people),
        at,
        startedAt,
        endedAt,
        durationS: numberOf(call.duration) ?? secondsBetween(startedAt, endedAt),
        // Only at its beginning: `terminate` carries the time of its end.
        opensServiceWindow: event === "connect" ? direction === "inbound" : isStatus && status === "ACCEPTED",
        tag: shortTextOf(call.biz_opaque_callback_data),
        errors: [...parseMetaErrors(call.errors), ...beside],
        file: fileOf(call),
      },
    ];
  };
  return [
    ...objectsOf(calls, MOST_ITEMS).flatMap((call) => read(call, false)),
    ...objectsOf(statuses, MOST_ITEMS).flatMap((call) => read(call, true)),
  ];
}

function secondsBetween(start: string | null, end: string | null): number | null {
  if (start === null || end === null || end < start) return null;
  return Math.round((Date.parse(end) - Date.parse(start)) / 1000);
}

/** Meta's pages on call recording and on call transcription: the file is within an object of its type. */
function fileOf({ call_recording, call_transcript }: JsonObject): ParsedCall["file"] {
  const [recording, transcript] = [call_recording, call_transcript].map(objectOf);
  const audio = parseFile(objectOf(recording?.audio));
  const document = parseFile(objectOf(transcript?.document));
  if (audio) return { kind: "recording", media: audio };
  return document && { kind: "transcript", media: document };
}

function parseFile({ id, mime_type, filename, sha256 }: JsonObject): MediaReference | null {
  const metaId = idOf(id);
  if (!metaId) return null;
  return {
    metaId,
    mimeType: shortTextOf(mime_type),
    fileName: shortTextOf(filename),
    sha256: shortTextOf(sha256),
  };
}

function directionOf({ direction, from }: JsonObject, ourPhone: string | null): ParsedCall["direction"] {
  if (direction === "USER_INITIATED") return "inbound";
  const isOurs = ourPhone !== null && phoneIdOf(from) === ourPhone;
  return direction === "BUSINESS_INITIATED" || isOurs ? "outbound" : null;
}

/** By id among the people named beside; a lone one belongs to it even so, for ids of one person may differ. */
function contactOf(call: JsonObject, fromMe: boolean, people: JsonObject[]): ParsedCall["contact"] {
  const said = fromMe
    ? [call.to_user_id, call.recipient_user_id, call.to, call.recipient_id]
    : [call.from_user_id, call.from];
  const ids = said.map(phoneIdOf).filter((id) => id !== null);
  const isTheirs = ({ wa_id, user_id }: JsonObject) =>
    [wa_id, user_id].map(phoneIdOf).some((id) => id !== null && ids.includes(id));
  const person = people.find(isTheirs) ?? (people.length === 1 ? people[0] : undefined) ?? {};
  const profile = objectOf(person.profile);
  const known = [...ids, phoneIdOf(person.wa_id), idOf(person.user_id)].filter((id) => id !== null);
  return {
    phone: known.find((id) => !isUserId(id)) ?? null,
    userId: known.find(isUserId) ?? null,
    username: shortTextOf(profile.username),
    name: shortTextOf(profile.name),
  };
}
