import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { HistoryChunk, HistoryMessage, ParsedHistory } from "../domain/history.ts";
import { parseMetaErrors } from "./content/common-fields.ts";
import { idOf, listOf, numberOf, objectOf, objectsOf, phoneIdOf, shortTextOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";
import { parseMessage } from "./parse-message.ts";
import { displayPhoneOf } from "./payload.ts";

/** A body holds 3 MB at most: all of it is read. */
const MOST_ITEMS = 100_000;

/** Of others nothing is known but that they were sent. */
const STATUSES: Partial<Record<string, DeliveryStatus>> = {
  PENDING: "accepted",
  SENT: "sent",
  ERROR: "failed",
  DELIVERED: "delivered",
  READ: "read",
  PLAYED: "played",
};

type Read = (item: unknown, contact: JsonObject | null, fromMe: boolean) => HistoryMessage[];

/**
 * Field `history`: old messages in threads by person, or the files of earlier placeholders, or why there is
 * nothing. Never throws: what cannot be parsed is counted.
 */
export function parseHistory(value: unknown): ParsedHistory {
  const { history, messages, message_echoes, metadata, contacts } = objectOf(value);
  const ourPhone = displayPhoneOf(metadata);
  let unreadable = 0;
  const read: Read = (item, contact, fromMe) => {
    const message = oldMessage(item, contact, fromMe);
    if (!message) unreadable += 1;
    return message ? [message] : [];
  };
  const parts = objectsOf(history, MOST_ITEMS);
  const chunks = parts.filter(({ threads, metadata }) => isObject(metadata) || Array.isArray(threads));
  const [contact = null] = objectsOf(contacts, 1);
  return {
    chunks: chunks.map((chunk) => chunkOf(chunk, ourPhone, read)),
    messages: [
      ...listOf(messages, MOST_ITEMS).flatMap((item) => read(item, contact, isOurs(item, ourPhone))),
      ...listOf(message_echoes, MOST_ITEMS).flatMap((item) => read(item, null, true)),
    ],
    declined: parts.flatMap(({ errors }) => parseMetaErrors(errors)),
    unreadable,
  };
}

function chunkOf({ metadata, threads }: JsonObject, ourPhone: string | null, read: Read): HistoryChunk {
  const { phase, chunk_order, progress } = objectOf(metadata);
  return {
    phase: numberOf(phase),
    chunkOrder: numberOf(chunk_order),
    progress: numberOf(progress),
    threads: objectsOf(threads, MOST_ITEMS).map(({ id, context, messages }) => {
      const person = objectOf(context);
      const { user_id, parent_user_id, username } = person;
      const contact = { wa_id: person.wa_id ?? id, user_id, profile: { username } };
      return {
        contact: {
          phone: phoneIdOf(contact.wa_id),
          userId: idOf(user_id),
          parentUserId: idOf(parent_user_id),
          username: shortTextOf(username),
        },
        messages: listOf(messages, MOST_ITEMS).flatMap((item) => read(item, contact, isOurs(item, ourPhone))),
      };
    }),
  };
}

/** Meta gives `to` with what we wrote ourselves alone; where our own number is known, that decides. */
function isOurs(item: unknown, ourPhone: string | null): boolean {
  const { from, to, to_user_id } = objectOf(item);
  const [writer, reader] = [from, to].map(phoneIdOf);
  if (ourPhone !== null && writer === ourPhone) return true;
  return (reader !== null && reader !== ourPhone) || idOf(to_user_id) !== null;
}

function oldMessage(item: unknown, contact: JsonObject | null, fromMe: boolean): HistoryMessage | null {
  const message = parseMessage(item, contact, fromMe);
  const payload = message && written(item);
  if (!message || !isObject(item) || !payload) return null;
  const historyStatus = shortTextOf(objectOf(item.history_context).status);
  const status = fromMe && historyStatus !== null ? STATUSES[historyStatus.toUpperCase()] : undefined;
  return {
    ...message,
    ...(status && { status }),
    payload,
    isHistory: true,
    opensServiceWindow: false,
    historyStatus,
  };
}

/** Parsing takes any depth, writing JSON does not. */
function written(item: unknown): string | null {
  try {
    return JSON.stringify(item);
  } catch {
    return null;
  }
}
