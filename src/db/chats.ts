import { and, eq, sql } from "drizzle-orm";
import { type Chat, MOST_COUNTED } from "../domain/chat.ts";
import { chats } from "./chat-tables.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedChat, type CommittedRows, toCommitted } from "./committed.ts";
import { withMemberNames } from "./member-names.ts";
import { type ChatRow, rfc3339, toChat } from "./rows.ts";

export type ChatKey = { id: number; organizationId: number };

/** A chat as the API shows it, with the epoch that its numbers belong to. Null when the organization has no such chat. */
export async function findChat(db: Db, key: ChatKey): Promise<(Chat & { epoch: string }) | null> {
  const { rows } = await db.execute<ChatRow & { epoch: string }>(sql`
    select r.*, (select epoch from "Epoch") as epoch from find_chat(${key.organizationId}::int, ${key.id}::int) r`);
  const [row] = await withMemberNames(db, rows);
  return row ? { ...toChat(row), epoch: row.epoch } : null;
}

/** True when the organization has such a chat, else null. */
export async function hasChat(db: Db, key: ChatKey): Promise<true | null> {
  const [row] = await db.select({ id: chats.id }).from(chats).where(isChat(key));
  return row ? true : null;
}

/** A position in the list: the time of a chat's last message (RFC 3339; exact, for columns hold milliseconds) and its id. */
export type ChatPosition = { lastMessageAt: string; id: number };
export type ChatFilter = {
  organizationPhoneId?: number | undefined;
  status?: Chat["status"] | undefined;
  /** An agent's chats; null: those of nobody. */
  assigneeId?: number | null | undefined;
  /** Only chats with unread messages. */
  unread?: boolean | undefined;
  labelId?: number | undefined;
  /** Only chats in which a note mentions this agent, who has not read them since. */
  mentionedId?: number | undefined;
};

/** The organization's chats after a position, newest activity first; each with its own position. */
export async function pageOfChats(
  db: Db,
  organizationId: number,
  filter: ChatFilter,
  after: ChatPosition | null,
  limit: number,
): Promise<{ chat: Chat; position: ChatPosition }[]> {
  const { organizationPhoneId = null, status = null, assigneeId, unread = false, labelId = null } = filter;
  const { mentionedId = null } = filter;
  // In the index nobody is 0.
  const assignee = assigneeId === undefined ? null : (assigneeId ?? 0);
  const { rows } = await db.execute<ChatRow>(sql`
    select * from list_chats(${organizationId}::int, ${organizationPhoneId}::int, ${status}::text, ${assignee}::int, ${unread},
      ${labelId}::int, ${mentionedId}::int, ${after?.lastMessageAt ?? null}::timestamptz, ${after?.id ?? null}::int, ${limit}::int)`);
  return (await withMemberNames(db, rows)).map((row) => ({
    chat: toChat(row),
    position: { id: row.id, lastMessageAt: rfc3339(row.lastMessageAt) },
  }));
}

/** How many chats a view has, and how many of them have unread messages. */
export type ViewCount = { chats: number; unread: number };
/** `mentioned`: the chats in which a note mentions the agent, whatever the filters. */
export type ChatCounts = { mine: ViewCount; unassigned: ViewCount; all: ViewCount; mentioned: number };

/** Counts the chats of the three views under the same filters as a list, and those that mention the agent, each up to `MOST_COUNTED`. */
export async function countChats(
  db: Db,
  { organizationId, agentId }: { organizationId: number; agentId: number },
  {
    organizationPhoneId = null,
    status = null,
    labelId = null,
  }: { [Key in "organizationPhoneId" | "status" | "labelId"]?: ChatFilter[Key] | null },
): Promise<ChatCounts> {
  type Count = "mine" | "mineUnread" | "unassigned" | "unassignedUnread" | "all" | "allUnread" | "mentioned";
  const { rows } = await db.execute<Record<Count, number>>(sql`
    select *, count_mentioned_chats(${organizationId}::int, ${agentId}::int, ${MOST_COUNTED}::int) as mentioned
    from count_chats(${organizationId}::int, ${organizationPhoneId}::int, ${status}::text, ${labelId}::int,
      ${agentId}::int, ${MOST_COUNTED}::int)`);
  const { mine, mineUnread, unassigned, unassignedUnread, all, allUnread, mentioned } = singleRow(rows);
  return {
    mine: { chats: mine, unread: mineUnread },
    unassigned: { chats: unassigned, unread: unassignedUnread },
    all: { chats: all, unread: allUnread },
    mentioned,
  };
}

/**
 * Sets the unread count to the messages after the event `upTo` (null: to 0). Null when there is no such chat; `newestWamid` is
 * the customer's newest message that is now read, null when nothing was unread.
 */
export async function markChatRead(
  db: Db,
  key: ChatKey,
  upTo: number | null,
  agentId: number,
): Promise<{ committed: Committed; organizationPhoneId: number; newestWamid: string | null } | null> {
  type Read = { committed: CommittedRows; organizationPhoneId: number; newestWamid: string | null };
  const { rows } = await db.execute<{ read: Read | null }>(
    sql`select mark_read(${key.organizationId}::int, ${key.id}::int, ${upTo}::int, ${agentId}::int) as read`,
  );
  const read = rows[0]?.read;
  return read ? { ...read, committed: toCommitted(read.committed) } : null;
}

/** Records in all chats of a chat's contact since when the contact is blocked (null: no longer). Null: no such chat. */
export async function setBlocked(
  db: Db,
  { id, organizationId }: ChatKey,
  at: Date | null,
  agentId: number,
): Promise<Committed | null> {
  const { rows } = await db.execute<{ committed: CommittedRows | null }>(
    sql`select set_blocked(${organizationId}::int, ${id}::int, ${at?.toISOString() ?? null}::timestamptz, ${agentId}::int) as committed`,
  );
  const committed = rows[0]?.committed;
  return committed ? toCommitted(committed) : null;
}

/** Chats as they are now, to be published again. Ids without a chat are left out. */
export async function currentChats(db: Db, ids: number[]): Promise<CommittedChat[]> {
  const { rows } = await db.execute<{ committed: CommittedRows }>(sql`
    select committed(array(select row(id, head, 'chat.updated', null, false)::"IngestedEvent" from "Chat"
      where id = any(${sql.param(`{${ids.join(",")}}`)}::int[]))) as committed`);
  const committed = rows[0]?.committed;
  return committed ? toCommitted(committed).chats : [];
}

/** Scope is part of the statement, not a check before it: an id means nothing without the organization. */
function isChat({ id, organizationId }: ChatKey) {
  return and(eq(chats.id, id), eq(chats.organizationId, organizationId));
}
