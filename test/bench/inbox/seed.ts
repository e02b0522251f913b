import type { InboxSystem } from "./system.ts";

/** Adds `count` texts to a chat, a second apart: the n-th is "message n;" and some words. */
export async function seedThread({ sql }: InboxSystem, chatId: number, count: number): Promise<void> {
  await sql(
    `insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
     select c."organizationPhoneId", c.id, c.head + n, 'wamid.seed' || n, n % 3 = 0, 'text',
       'message ' || n || '; ' || repeat('lorem ipsum ', n % 17), '{"type":"text"}', now() - interval '1 day' + n * interval '1 second'
     from "Chat" c, generate_series(1, $2::int) n where c.id = $1`,
    [chatId, count],
  );
  await sql(`update "Chat" set head = head + $2::int where id = $1`, [chatId, count]);
}

/** Adds `count` chats, each with one text, to phone 1: those of "Customer n;", the older the higher. */
export async function seedList({ sql }: InboxSystem, count: number): Promise<void> {
  await sql(
    `with people as (
       insert into "Contact" ("organizationId", "profileName", phone)
       select 1, 'Customer ' || n || ';', (78000000000 + n)::text from generate_series(1, $1::int) n returning id, phone),
     chats as (
       insert into "Chat" ("organizationId", "organizationPhoneId", "contactId", head, "unreadCount", "lastMessageAt")
       select 1, 1, id, 1, id % 3, now() - (phone::bigint - 78000000000) * interval '1 second' from people
       returning id, "lastMessageAt")
     insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
     select 1, id, 1, 'wamid.list' || id, false, 'text', 'hello ' || id, '{"type":"text"}', "lastMessageAt" from chats`,
    [count],
  );
  await sql(
    `update "Chat" c set "lastMessageId" = m.id from "Message" m where m."chatId" = c.id and m.wamid like 'wamid.list%'`,
  );
}
