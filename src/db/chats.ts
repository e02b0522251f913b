import { and, desc, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { Chat } from "../domain/chat.ts";
import { chats } from "./chat-tables.ts";
import type { Db } from "./client.ts";
import type { Committed, CommittedChat } from "./committed.ts";
import { epochs } from "./webhook-tables.ts";

export type ChatKey = { id: number; organizationId: number };

/** A chat as the API shows it, with the epoch that its numbers belong to. Null when the organization has none such. */
export async function findChat(db: Db, key: ChatKey): Promise<(Chat & { epoch: string }) | null> {
  const epoch = db.select({ epoch: epochs.epoch }).from(epochs);
  const [row] = await db
    .select({ chat: chatRow, epoch: sql<string>`(${epoch})` })
    .from(chats)
    .where(isChat(key));
  return row ? { ...row.chat, epoch: row.epoch } : null;
}

/** True when the organization has such a chat, else null. */
export async function hasChat(db: Db, key: ChatKey): Promise<true | null> {
  const [row] = await db.select({ id: chats.id }).from(chats).where(isChat(key));
  return row ? true : null;
}

/** A position in the list: the time of a chat's last message (RFC 3339; exact, for columns hold milliseconds) and its id. */
export type ChatPosition = { lastMessageAt: string; id: number };
export type ChatFilter = { organizationPhoneId?: number | undefined; status?: Chat["status"] | undefined };

/** The organization's chats behind a position, newest activity first; each with its own position. */
export async function pageOfChats(
  db: Db,
  organizationId: number,
  filter: ChatFilter,
  after: ChatPosition | null,
  limit: number,
): Promise<{ chat: Chat; position: ChatPosition }[]> {
  const at = after ? sql<Date>`${after.lastMessageAt}::timestamptz` : null;
  const rows = await db
    .select({ chat: chatRow, id: chats.id, lastMessageAt: sql<string>`rfc3339(${chats.lastMessageAt})` })
    .from(chats)
    .where(
      and(
        eq(chats.organizationId, organizationId),
        // Another has taken it over.
        isNull(chats.mergedIntoId),
        filter.organizationPhoneId ? eq(chats.organizationPhoneId, filter.organizationPhoneId) : undefined,
        filter.status ? eq(chats.status, filter.status) : undefined,
        after && at
          ? or(lt(chats.lastMessageAt, at), and(eq(chats.lastMessageAt, at), lt(chats.id, after.id)))
          : undefined,
      ),
    )
    .orderBy(desc(chats.lastMessageAt), desc(chats.id))
    .limit(limit);
  return rows.map(({ chat, id, lastMessageAt }) => ({ chat, position: { id, lastMessageAt } }));
}

/**
 * Sets the unread count to what came after the event `upTo` (null: to nothing). Null when there is no such chat;
 * `newestWamid` is the customer's newest message that is read now, null when nothing was unread.
 */
export async function markChatRead(
  db: Db,
  key: ChatKey,
  upTo: number | null,
  agentId: number,
): Promise<{ committed: Committed; organizationPhoneId: number; newestWamid: string | null } | null> {
  type Read = { committed: Committed; organizationPhoneId: number; newestWamid: string | null };
  const { rows } = await db.execute<{ read: Read | null }>(
    sql`select mark_read(${key.organizationId}::int, ${key.id}::int, ${upTo}::int, ${agentId}::int) as read`,
  );
  return rows[0]?.read ?? null;
}

/** Notes since when the chat's contact is blocked (null: not any more), in all chats with them. Null: no such chat. */
export async function setBlocked(
  db: Db,
  { id, organizationId }: ChatKey,
  at: Date | null,
  agentId: number,
): Promise<Committed | null> {
  const { rows } = await db.execute<{ committed: Committed | null }>(
    sql`select set_blocked(${organizationId}::int, ${id}::int, ${at?.toISOString() ?? null}::timestamptz, ${agentId}::int) as committed`,
  );
  return rows[0]?.committed ?? null;
}

/** Chats as they stand now, to tell those who watch once more. Those that are gone are left out. */
export async function currentChats(db: Db, ids: number[]): Promise<CommittedChat[]> {
  const { rows } = await db.execute<{ committed: Committed }>(sql`
    select committed(array(select row(id, head, 'chat.updated', null, false)::"IngestedEvent" from "Chat"
      where id in (select value::int from json_array_elements_text(${JSON.stringify(ids)}::json)))) as committed`);
  return rows[0]?.committed.chats ?? [];
}

const chatRow = sql<Chat>`chat_json("Chat")`;

/** Scope is part of the statement, not a check before it: an id means nothing without the organization. */
function isChat({ id, organizationId }: ChatKey) {
  return and(eq(chats.id, id), eq(chats.organizationId, organizationId));
}
