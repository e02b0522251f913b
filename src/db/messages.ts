import { type SQL, sql } from "drizzle-orm";
import type { Message } from "../domain/message.ts";
import type { ChatKey } from "./chats.ts";
import type { Db } from "./client.ts";
import { PAGE_BYTES } from "./page-bytes.ts";
import { type MessageRow, toMessage } from "./rows.ts";

/** Where a page of a chat is, relative to a message in display order. */
export type PageAnchor = { side: "before" | "after" | "around"; messageId: number } | { side: "newest" };

export type PageOfMessages = { messages: Message[]; hasOlder: boolean; hasNewer: boolean };

/**
 * Messages of a chat in display order (Meta's time, then number), oldest first: at most `limit` before, after, or half
 * on each side of a message, which itself is part of the page only for `around`. Fewer, when they reach `PAGE_BYTES`, with
 * Meta's objects when `withPayloads`. Reactions, edits and revokes are left out: they show in the rows they refer to. Null
 * when the organization has no such chat, or the chat no such anchor.
 */
export async function pageOfMessages(
  db: Db,
  { id, organizationId }: ChatKey,
  anchor: PageAnchor,
  limit: number,
  { withPayloads = false }: { withPayloads?: boolean } = {},
): Promise<PageOfMessages | null> {
  const { older, newer, bytes } = sidesOf(anchor, limit);
  const messageId = anchor.side === "newest" ? null : anchor.messageId;
  const isInclusive = anchor.side === "around";
  // One more than requested on each side shows whether there are more.
  const sides: SQL[] = [];
  if (older !== null) {
    sides.push(sql`select 'older' as side, bytes, (message).* from list_messages_before(
      ${organizationId}::int, ${id}::int, ${messageId}::int, ${older + 1}::int, ${bytes}::int, ${withPayloads})`);
  }
  if (newer !== null) {
    sides.push(sql`select 'newer' as side, bytes, (message).* from list_messages_after(
      ${organizationId}::int, ${id}::int, ${messageId}::int, ${isInclusive}, ${newer + 1}::int, ${bytes}::int,
      ${withPayloads})`);
  }
  const { rows } = await db.execute<PageRow>(sql.join(sides, sql` union all `));
  return toPage(anchor, limit, rows);
}

/** A row of a page: on each side the nearest to the anchor comes first. All columns are null when there is no anchor. */
export type PageRow = { side: "older" | "newer" } & (
  | (MessageRow & { bytes: number })
  | { [Key in keyof MessageRow | "bytes"]: null }
);

/** How many messages and bytes are wanted on each side; null for a side that is not requested. */
type Sides = { older: number | null; newer: number | null; bytes: number };

function sidesOf(anchor: PageAnchor, limit: number): Sides {
  switch (anchor.side) {
    case "newest":
    case "before":
      return { older: limit, newer: null, bytes: PAGE_BYTES };
    case "after":
      return { older: null, newer: limit, bytes: PAGE_BYTES };
    case "around":
      return { older: Math.floor(limit / 2), newer: Math.ceil(limit / 2), bytes: PAGE_BYTES / 2 };
  }
}

/** Builds the page from its rows: on each side one more than wanted, if there are that many within its bytes. */
function toPage(anchor: PageAnchor, limit: number, rows: PageRow[]): PageOfMessages | null {
  const { older, newer, bytes } = sidesOf(anchor, limit);
  const sides = {
    older: { messages: [] as Message[], bytes: 0 },
    newer: { messages: [] as Message[], bytes: 0 },
  };
  for (const row of rows) {
    if (row.id === null) return null;
    sides[row.side].messages.push(toMessage(row));
    sides[row.side].bytes += row.bytes;
  }
  // A side that reached its bytes may have ended before its last message.
  const hasMore = (side: PageRow["side"], wanted: number) =>
    sides[side].messages.length > wanted || sides[side].bytes >= bytes;
  return {
    messages: [
      ...sides.older.messages.slice(0, older ?? 0).reverse(),
      ...sides.newer.messages.slice(0, newer ?? 0),
    ],
    // The anchor itself is on a side that was not read.
    hasOlder: older === null || hasMore("older", older),
    hasNewer: newer === null ? anchor.side === "before" : hasMore("newer", newer),
  };
}

/** One message of an organization, with Meta's object. Null when there is none such. */
export async function findMessage(db: Db, organizationId: number, id: number): Promise<Message | null> {
  const { rows } = await db.execute<MessageRow & { payload: unknown }>(sql`
    select n.*, case when n."revokedAt" is null then m.payload end as payload
    from "MessageRow" r join "Message" m on m.id = r.id join "Chat" c on c.id = r."chatId" cross join lateral named_message(r) n
    where r.id = ${id}::int and c."organizationId" = ${organizationId}::int`);
  const [row] = rows;
  return row ? { ...toMessage(row), payload: row.payload } : null;
}

/** The same messages with Meta's object of each, null for a revoked one; in one call, whatever their number. */
export async function withPayloads<Of extends Message | undefined>(db: Db, messages: Of[]): Promise<Of[]> {
  const ids = messages.flatMap((message) => message?.id ?? []);
  const { rows } = await db.execute<{ id: number; payload: unknown }>(sql`
    select id, payload from "Message"
    where id = any(${sql.param(`{${ids.join(",")}}`)}::int[]) and "revokedAt" is null`);
  const payloads = new Map(rows.map(({ id, payload }) => [id, payload]));
  return messages.map((message) => message && { ...message, payload: payloads.get(message.id) ?? null });
}

/** Meta's id of the customer's latest message in a chat that takes a read receipt; null when there is none. */
export async function newestInbound(db: Db, chatId: number): Promise<string | null> {
  const { rows } = await db.execute<{ wamid: string }>(sql`
    select wamid from "Message" where "chatId" = ${chatId}::int
      and takes_read_receipt("fromMe", amends, "isHistory", "messageType", wamid)
      order by "createdAt" desc, seq desc limit 1`);
  return rows[0]?.wamid ?? null;
}
