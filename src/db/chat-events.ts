import { type SQL, sql } from "drizzle-orm";
import type { Chat } from "../domain/chat.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import type { Db } from "./client.ts";
import { type ChatEventRow, type ChatRow, toChat, toChatEvent } from "./rows.ts";

/** What a client that has seen the chat up to a number has missed, in one snapshot. */
export type CatchUp = { head: number; epoch: string; chat: Chat; events: ChatEvent[] };

/** The events of a chat after a number, ascending and without a hole: the first `limit` of them. Null: no such chat. */
export async function eventsAfter(
  db: Db,
  chatId: number,
  after: number,
  limit: number,
): Promise<CatchUp | null> {
  return await catchUp(
    db,
    chatId,
    sql`e.seq > ${after}::bigint and e.seq <= ${after}::bigint + ${limit}::int`,
  );
}

/** The same, but the last `limit` of them: whoever is further behind has to start over anyway. */
export async function lastEventsAfter(
  db: Db,
  chatId: number,
  after: number,
  limit: number,
): Promise<CatchUp | null> {
  return await catchUp(db, chatId, sql`e.seq > greatest(${after}::bigint, c.head - ${limit}::int)`);
}

async function catchUp(db: Db, chatId: number, wanted: SQL): Promise<CatchUp | null> {
  const { rows } = await db.execute<{ epoch: string; chat: ChatRow; events: ChatEventRow[] }>(sql`
    select (select epoch from "Epoch") as epoch, (select to_json(r) from chat_row(c) r) as chat,
      (select coalesce(json_agg(json_build_object('chatId', e."chatId", 'seq', e.seq, 'event', e.event, 'message', (
            select to_json(r) from "Message" m cross join lateral message_row(m) r where m.id = e."messageId")) order by e.seq), '[]')
        from "ChatEvent" e where e."chatId" = c.id and ${wanted}) as events
    from "Chat" c where c.id = ${chatId}`);
  const [row] = rows;
  if (!row) return null;
  const chat = toChat(row.chat);
  const events = row.events.map((event) => toChatEvent(event, chat));
  return { head: chat.head, epoch: row.epoch, chat, events };
}

/** Writes down when events were first handed to an open socket. The first time stays. */
export async function notePublished(
  db: Db,
  chatId: number,
  published: { seq: number; atMs: number }[],
): Promise<void> {
  await db.execute(sql`
    update "ChatEvent" e set "publishedAt" = to_timestamp(p."atMs" / 1000.0)
    from json_to_recordset(${JSON.stringify(published)}::json) p(seq int, "atMs" bigint)
    where e."chatId" = ${chatId}::int and e.seq = p.seq and e."publishedAt" is null`);
}
