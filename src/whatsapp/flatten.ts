import type {
  Envelope,
  InboundEvent,
  InboundNotice,
  NoticeMessage,
  UnreadReason,
} from "../domain/inbound-event.ts";
import { toBase64 } from "../encoding.ts";
import { isObject, type JsonObject, parseJson, pick } from "./json-text.ts";
import { parseCallMessage } from "./parse-call-message.ts";
import { parseContactNames } from "./parse-contact-names.ts";
import { parseHandoverMessage } from "./parse-handover.ts";
import { parseHistory } from "./parse-history.ts";
import { type ParsedMessage, parseMessage } from "./parse-message.ts";
import { parseNotice } from "./parse-notice.ts";
import { parseStatus } from "./parse-status.ts";
import { type Piece, type Place, splitPayload } from "./payload.ts";

const NOWHERE: Place = { wabaId: null, field: null, phoneNumberId: null };
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * Turns any webhook body into events: at least one, nothing left out, and it never throws. One
 * bad item becomes a notice and harms no other. `flatten` of an event's source (`sourceOf`, as UTF-8), or of a notice's `raw`
 * (from base64), gives that event again: so is it replayed.
 */
export function flatten(bytes: Uint8Array): InboundEvent[] {
  return [...flattenLazily(bytes)];
}

/** The same events, each made when it is asked for: all those of a large body have several times its size. */
export function* flattenLazily(bytes: Uint8Array): Generator<InboundEvent> {
  const body = readBody(bytes);
  if ("unread" in body) {
    yield body.unread;
    return;
  }
  let unwritable = false;
  for (const piece of splitPayload(body.root)) {
    const event = eventOrNull(piece);
    if (event) yield event;
    else unwritable = true;
  }
  if (unwritable) yield rawNotice("unreadable_item", bytes);
}

/** The parsed body, or the notice that stands for one of another shape. Keeps no text: that would live as long as the parsed body. */
function readBody(bytes: Uint8Array): { root: WebhookBody } | { unread: InboundNotice } {
  const text = decode(bytes);
  const root = text === null ? undefined : parse(text);
  if (text === null || root === undefined) return { unread: rawNotice("not_json", bytes) };
  return isWebhookBody(root) ? { root } : { unread: notice(NOWHERE, "unknown_shape", text) };
}

/** Null for what cannot be written alone, and is stored in the body it came in: parsing takes any depth, writing JSON does not. */
function eventOrNull(piece: Piece): InboundEvent | null {
  try {
    return eventOf(piece);
  } catch {
    return null;
  }
}

function eventOf(piece: Piece): InboundEvent {
  const { place, body } = piece;
  const source = JSON.stringify(body);
  if (piece.kind === "rest") {
    const stored = notice(place, piece.known ? null : "unknown_shape", source);
    const names = parseContactNames(place.field, piece.value);
    const parsed = piece.known ? parseNotice(place.field, piece.value, body) : null;
    const message = piece.known ? noticeMessageOf(place, piece.value) : null;
    return {
      ...stored,
      ...(names.length > 0 && { names }),
      ...(parsed && { parsed }),
      ...(message && { message }),
    };
  }
  const { list, item, contact } = piece;
  const { phoneNumberId, displayPhoneNumber, field } = place;
  if (!phoneNumberId) return notice(place, "unreadable_item", source);
  const number = { phoneNumberId, ...(displayPhoneNumber && { displayPhoneNumber }) };
  if (list === "statuses" && field !== "calls") {
    const status = parseStatus(withBelongings(piece), contact);
    return status
      ? { kind: "status", ...number, ...status, ...payloadIn(source, item) }
      : notice(place, "unreadable_item", source);
  }
  const message = messageOf(piece);
  if (message === "ignored") return notice(place, null, source);
  return message
    ? { kind: "message", ...number, ...message, ...payloadIn(source, item) }
    : notice(place, "unreadable_item", source);
}

function noticeMessageOf({ field, phoneNumberId }: Place, value: unknown): NoticeMessage | null {
  if (field !== "messaging_handovers" || !isObject(value)) return null;
  return parseHandoverMessage(value, phoneNumberId);
}

/** An item stands in its own body as it is, so its text does too. All three are parts of one text, which is in memory once. */
function payloadIn(source: string, item: unknown): { payload: string; envelope: Envelope } {
  const text = JSON.stringify(item);
  const at = source.indexOf(text);
  const end = at + text.length;
  return {
    payload: source.slice(at, end),
    envelope: { before: source.slice(0, at), after: source.slice(end) },
  };
}

/** Null where it cannot be read; `ignored` where a chat shows nothing of it. */
function messageOf(piece: ItemPiece): ParsedMessage | "ignored" | null {
  const { place, list, contact, value } = piece;
  if (place.field === "calls") return parseCallMessage(value);
  if (place.field !== "history")
    return parseMessage(withBelongings(piece), contact, list === "message_echoes");
  const { chunks, messages } = parseHistory(value);
  const old = [...chunks.flatMap(({ threads }) => threads.flatMap((one) => one.messages)), ...messages][0];
  if (!old) return null;
  const { historyStatus: _, ...message } = old;
  return message;
}

type ItemPiece = Extract<Piece, { kind: "item" }>;

/** An item with what stands beside it and belongs to it; its own comes first. */
function withBelongings({ item, value }: ItemPiece): unknown {
  return isObject(item) ? { ...pick(value, ["conversation_context", "errors"]), ...item } : item;
}

type WebhookBody = JsonObject & { entry: unknown[] };

/** A missing `object` is forgiven; another one is another product of Meta's, with other meanings. */
function isWebhookBody(root: unknown): root is WebhookBody {
  if (!isObject(root) || !Array.isArray(root.entry) || root.entry.length === 0) return false;
  return root.object === undefined || root.object === "whatsapp_business_account";
}

function notice(place: Place, reason: UnreadReason | null, source: string): InboundNotice {
  return { kind: "notice", ...place, reason, raw: null, source };
}

function rawNotice(reason: UnreadReason, bytes: Uint8Array): InboundNotice {
  return { kind: "notice", ...NOWHERE, reason, raw: toBase64(bytes), source: null };
}

/** A byte order mark is dropped; null for what is no UTF-8. */
function decode(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Undefined, which JSON does not know, for what is no JSON. */
function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
