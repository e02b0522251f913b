import type { InboundText } from "./meta.ts";
import { phoneByMetaId } from "./phones.ts";
import { isUniqueViolation, pool } from "./pool.ts";

/** A new message's ids and numbers. */
export type Stored = {
  chatId: number;
  seq: number;
  organizationPhoneId: number;
  contactId: number;
  unreadCount: number;
  messageId: number;
  receivedAt: Date;
};

/** Returns null, without a change, for a message that is already stored or whose phone is not ours. */
export type StoreText = (message: InboundText) => Promise<Stored | null>;

/**
 * Stores everything in one statement: one transaction, one round trip. The upsert locks the chat's row until the commit, so no
 * other transaction gets the same `seq`. CTEs see each other's results only through RETURNING. A stored message violates
 * the unique index and fails the whole statement, so it uses up no `seq`.
 */
const STORE_TEXT = {
  name: "store-text",
  text: `with known as (
      select id from "Contact" where "organizationId" = $1 and phone = $3 and name is not distinct from $4),
    made as (
      insert into "Contact" ("organizationId", phone, name) select $1, $3, $4 where not exists (select from known)
      on conflict ("organizationId", phone) do update set name = excluded.name, "updatedAt" = now() returning id),
    contact as (select id from known union all select id from made),
    chat as (
      insert into "Chat" as c ("organizationId", "organizationPhoneId", "contactId", head, "unreadCount",
        "lastMessageAt", "lastInboundAt", "lastMessageId")
      select $1, $2, contact.id, 1, 1, $5, $5, nextval('"Message_id_seq"') from contact
      on conflict ("organizationPhoneId", "contactId") do update set
        head = c.head + 1, "unreadCount" = c."unreadCount" + 1, "updatedAt" = now(),
        "lastMessageId" = case when excluded."lastMessageAt" >= c."lastMessageAt"
          then excluded."lastMessageId" else c."lastMessageId" end,
        "lastMessageAt" = greatest(c."lastMessageAt", excluded."lastMessageAt"),
        "lastInboundAt" = greatest(c."lastInboundAt", excluded."lastInboundAt")
      returning id, "contactId", head, "unreadCount", currval('"Message_id_seq"')::int as "messageId"),
    message as (
      insert into "Message" (id, "organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload,
        "createdAt")
      select "messageId", $2, id, head, $6, false, 'text', $7, $8, $5 from chat returning "receivedAt"),
    event as (
      insert into "ChatEvent" ("chatId", seq, event, "messageId")
      select id, head, 'message.created', "messageId" from chat)
    select chat.id as "chatId", head as seq, "contactId", "unreadCount", "messageId", "receivedAt" from chat, message`,
};

export const storeText: StoreText = async (message) => {
  const { phoneNumberId, from, name, wamid, text, createdAt, payload } = message;
  const phone = await phoneByMetaId(phoneNumberId);
  if (!phone) return null;
  const values = [phone.organizationId, phone.id, from, name, createdAt, wamid, text, payload];
  try {
    const { rows } = await pool.query<Omit<Stored, "organizationPhoneId">>({ ...STORE_TEXT, values });
    return rows[0] ? { ...rows[0], organizationPhoneId: phone.id } : null;
  } catch (error) {
    if (isUniqueViolation(error)) return null;
    throw error;
  }
};
