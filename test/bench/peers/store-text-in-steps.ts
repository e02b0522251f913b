import type pg from "pg";
import type { InboundText } from "./meta.ts";
import { phoneByMetaId } from "./phones.ts";
import { pool } from "./pool.ts";
import type { Stored, StoreText } from "./store-text.ts";

const contactOf = {
  name: "contact",
  text: `select id, name from "Contact" where "organizationId" = $1 and phone = $2`,
};
const upsertContact = {
  name: "upsert-contact",
  text: `insert into "Contact" ("organizationId", phone, name) values ($1, $2, $3)
    on conflict ("organizationId", phone) do update set name = excluded.name, "updatedAt" = now() returning id`,
};
/** Locks the chat's row until the commit, and takes the next `seq`. */
const nextNumber = {
  name: "next-number",
  text: `insert into "Chat" as c ("organizationId", "organizationPhoneId", "contactId", head, "unreadCount",
      "lastMessageAt", "lastInboundAt", "lastMessageId")
    values ($1, $2, $3, 1, 1, $4, $4, nextval('"Message_id_seq"'))
    on conflict ("organizationPhoneId", "contactId") do update set
      head = c.head + 1, "unreadCount" = c."unreadCount" + 1, "updatedAt" = now(),
      "lastMessageId" = case when excluded."lastMessageAt" >= c."lastMessageAt" then excluded."lastMessageId" else c."lastMessageId" end,
      "lastMessageAt" = greatest(c."lastMessageAt", excluded."lastMessageAt"),
      "lastInboundAt" = greatest(c."lastInboundAt", excluded."lastInboundAt")
    returning id, head, "unreadCount", currval('"Message_id_seq"')::int as "messageId"`,
};
const insertMessage = {
  name: "insert-message",
  text: `insert into "Message" (id, "organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
    values ($1, $2, $3, $4, $5, false, 'text', $6, $7, $8)
    on conflict ("organizationPhoneId", wamid) do nothing returning "receivedAt"`,
};
const insertEvent = {
  name: "insert-event",
  text: `insert into "ChatEvent" ("chatId", seq, event, "messageId") values ($1, $2, 'message.created', $3)`,
};

/** Does the same as `storeText` in the usual way: one transaction of several statements. */
export const storeTextInSteps: StoreText = async (message) => {
  const phone = await phoneByMetaId(message.phoneNumberId);
  if (!phone) return null;
  const client = await pool.connect();
  try {
    await client.query("begin");
    const stored = await storeUnderLock(client, phone, message);
    await client.query(stored ? "commit" : "rollback");
    client.release();
    return stored;
  } catch (error) {
    // The state of the connection is unknown.
    client.release(true);
    throw error;
  }
};

async function storeUnderLock(
  client: pg.PoolClient,
  phone: { id: number; organizationId: number },
  { from, name, wamid, text, createdAt, payload }: InboundText,
): Promise<Stored | null> {
  const { organizationId } = phone;
  const known = (
    await client.query<{ id: number; name: string | null }>({ ...contactOf, values: [organizationId, from] })
  ).rows[0];
  const contactId =
    known && known.name === name
      ? known.id
      : (await client.query<{ id: number }>({ ...upsertContact, values: [organizationId, from, name] }))
          .rows[0]?.id;
  const chat = (
    await client.query<{ id: number; head: number; unreadCount: number; messageId: number }>({
      ...nextNumber,
      values: [organizationId, phone.id, contactId, createdAt],
    })
  ).rows[0];
  if (contactId === undefined || !chat) throw new Error("The database returned no chat.");
  const [inserted] = (
    await client.query<{ receivedAt: Date }>({
      ...insertMessage,
      values: [chat.messageId, phone.id, chat.id, chat.head, wamid, text, payload, createdAt],
    })
  ).rows;
  if (!inserted) return null;
  await client.query({ ...insertEvent, values: [chat.id, chat.head, chat.messageId] });
  return {
    chatId: chat.id,
    seq: chat.head,
    organizationPhoneId: phone.id,
    contactId,
    unreadCount: chat.unreadCount,
    messageId: chat.messageId,
    receivedAt: inserted.receivedAt,
  };
}
