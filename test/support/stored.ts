import { and, asc, eq, isNull, type SQL } from "drizzle-orm";
import { chats } from "../../src/db/chat-tables.ts";
import { contacts } from "../../src/db/contact-tables.ts";
import { ingest } from "../../src/db/ingest.ts";
import { chatEvents, messageStatuses, messages } from "../../src/db/message-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { db, type Ground } from "./build.ts";
import { aBody, aWamid, type Item } from "./meta.ts";
import { timeOfTest } from "./test-time.ts";

/** Who wrote: the customer's phone and user id, or `to` them from the phone's own app. */
type Between = { from?: string; fromUserId?: string; to?: string };
type Fields = Between & { wamid?: string; at?: Date; name?: string; username?: string };

const OUR_NUMBER = "79001234567";

/** A message of any type between a customer and us, with Meta's object under the type's name. */
export function anItem(type: string, content: unknown, fields: Fields): Item {
  const { from, fromUserId, to, wamid = aWamid(), at = timeOfTest(), name, username } = fields;
  const who = to
    ? { from: OUR_NUMBER, to }
    : { ...(from && { from }), ...(fromUserId && { from_user_id: fromUserId }) };
  const known = { ...(from && { wa_id: from }), ...(fromUserId && { user_id: fromUserId }) };
  const profile = { ...(name && { name }), ...(username && { username }) };
  return {
    list: to ? "message_echoes" : "messages",
    ...((name || username) && { contact: { ...known, profile } }),
    item: { ...who, id: wamid, timestamp: String(Math.floor(at.getTime() / 1000)), type, [type]: content },
  };
}

export function aTextOf(body: string, fields: Fields & { replyTo?: string }): Item {
  const { item, ...rest } = anItem("text", { body }, fields);
  return { ...rest, item: { ...item, ...(fields.replyTo && { context: { id: fields.replyTo } }) } };
}

/** A reaction; without an emoji it takes back the one before. */
export function aReaction(to: string, emoji: string | undefined, fields: Fields): Item {
  return anItem("reaction", { message_id: to, ...(emoji !== undefined && { emoji }) }, fields);
}

export function anEdit(of: string, body: string, fields: Fields): Item {
  return anItem("edit", { original_message_id: of, message: { type: "text", text: { body } } }, fields);
}

export function aRevoke(of: string, fields: Fields): Item {
  return anItem("revoke", { original_message_id: of }, fields);
}

/** What the Worker makes of items of one body. */
export function eventsOf({ phoneNumberId }: Ground, ...items: Item[]): InboundEvent[] {
  return flatten(new TextEncoder().encode(JSON.stringify(aBody(phoneNumberId, ...items))));
}

/** What the Worker makes of a change of any field. */
export function eventsOfField({ phoneNumberId }: Ground, field: string, value: object): InboundEvent[] {
  const metadata = { display_phone_number: OUR_NUMBER, phone_number_id: phoneNumberId };
  const change = { field, value: { messaging_product: "whatsapp", metadata, ...value } };
  const body = {
    object: "whatsapp_business_account",
    entry: [{ id: "123456789012345", changes: [change] }],
  };
  return flatten(new TextEncoder().encode(JSON.stringify(body)));
}

/** Stores items as one batch. */
export async function ingestItems(ground: Ground, ...items: Item[]) {
  return await ingest(db, eventsOf(ground, ...items));
}

/** The one message with this wamid. */
export async function messageOf(ground: Ground, wamid: string) {
  const rows = await messagesWhere(ground, eq(messages.wamid, wamid));
  const [message] = rows;
  if (!message || rows.length > 1) throw new Error(`${rows.length} messages have that wamid`);
  return message;
}

/** All messages of a number, by chat and number. */
export async function messagesWhere({ organizationPhoneId }: Ground, which?: SQL) {
  return await db
    .select()
    .from(messages)
    .where(and(eq(messages.organizationPhoneId, organizationPhoneId), which))
    .orderBy(asc(messages.chatId), asc(messages.seq));
}

export async function statusesOf({ organizationPhoneId }: Ground) {
  return await db
    .select()
    .from(messageStatuses)
    .where(eq(messageStatuses.organizationPhoneId, organizationPhoneId))
    .orderBy(asc(messageStatuses.happenedAt), asc(messageStatuses.status));
}

/** The chats of a number, each with its contact, oldest first, without those that were merged into others. */
export async function chatsOf({ organizationPhoneId }: Ground) {
  const rows = await db
    .select()
    .from(chats)
    .innerJoin(contacts, eq(contacts.id, chats.contactId))
    .where(and(eq(chats.organizationPhoneId, organizationPhoneId), isNull(chats.mergedIntoId)))
    .orderBy(asc(chats.id));
  return rows.map((row) => ({ ...row.Chat, contact: row.Contact }));
}

/** The number's only chat. */
export async function chatOf(ground: Ground) {
  const rows = await chatsOf(ground);
  const [chat] = rows;
  if (!chat || rows.length > 1) throw new Error(`the number has ${rows.length} chats`);
  return chat;
}

export async function logOf(chatId: number) {
  return await db.select().from(chatEvents).where(eq(chatEvents.chatId, chatId)).orderBy(asc(chatEvents.seq));
}

export async function storedEventsOf({ phoneNumberId }: Pick<Ground, "phoneNumberId">) {
  return await db
    .select()
    .from(webhookEvents)
    .where(eq(webhookEvents.phoneNumberId, phoneNumberId))
    .orderBy(asc(webhookEvents.id));
}
