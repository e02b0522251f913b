import { sql } from "drizzle-orm";
import type { Message } from "../domain/message.ts";
import type { Db } from "./client.ts";
import { type MessageRow, toMessage } from "./rows.ts";

/** Where a page of a chat stands: beside a message, in display order. */
export type PageAnchor = { side: "before" | "after" | "around"; messageId: number } | { side: "newest" };

export type PageOfMessages = { messages: Message[]; hasOlder: boolean; hasNewer: boolean };

/**
 * Messages of a chat in display order (Meta's time, then number), oldest first: at most `limit` before, after, or half
 * on each side of a message, which itself is part of the page only for `around`. Reactions, edits and revokes show in
 * the rows they refer to and are left out. Null when the anchor is no message of the chat.
 */
export async function pageOfMessages(
  db: Db,
  chatId: number,
  anchor: PageAnchor,
  limit: number,
): Promise<PageOfMessages | null> {
  // One more than asked for on each side tells whether there are more.
  const older =
    anchor.side === "after" ? 0 : anchor.side === "around" ? Math.floor(limit / 2) + 1 : limit + 1;
  const newer = anchor.side === "after" ? limit + 1 : anchor.side === "around" ? Math.ceil(limit / 2) + 1 : 0;
  const at = anchor.side === "newest" ? null : anchor.messageId;
  const includesAnchor = anchor.side === "around";
  const { rows } = await db.execute<{
    page: { found: boolean; older: MessageRow[]; newer: MessageRow[] };
  }>(sql`
    with anchor as (
      select "createdAt", seq from "Message" where id = ${at}::int and "chatId" = ${chatId}
      union all select 'infinity'::timestamptz, 0 where ${at}::int is null),
    older as (
      select m.* from "Message" m, anchor a where m."chatId" = ${chatId} and m.amends is null
        and (m."createdAt", m.seq) < (a."createdAt", a.seq)
      order by m."createdAt" desc, m.seq desc limit ${older}),
    newer as (
      select m.* from "Message" m, anchor a where m."chatId" = ${chatId} and m.amends is null
        and (m."createdAt", m.seq) >= (a."createdAt", a.seq) and (${includesAnchor} or m.id <> ${at}::int)
      order by m."createdAt", m.seq limit ${newer})
    select json_build_object('found', exists (select from anchor),
      'older', (select coalesce(json_agg(to_json(r) order by m."createdAt", m.seq), '[]') from older o join "Message" m using (id) cross join lateral message_row(m) r),
      'newer', (select coalesce(json_agg(to_json(r) order by m."createdAt", m.seq), '[]') from newer n join "Message" m using (id) cross join lateral message_row(m) r)
    ) as page`);
  const page = rows[0]?.page;
  if (!page?.found) return null;
  const hasOlder = older > 0 && page.older.length === older;
  const hasNewer = newer > 0 && page.newer.length === newer;
  return {
    messages: [
      ...(hasOlder ? page.older.slice(1) : page.older),
      ...(hasNewer ? page.newer.slice(0, -1) : page.newer),
    ].map(toMessage),
    hasOlder: hasOlder || anchor.side === "after",
    hasNewer: hasNewer || anchor.side === "before",
  };
}

/** Meta's id of what the customer wrote last in a chat; null when they have written nothing. */
export async function newestInbound(db: Db, chatId: number): Promise<string | null> {
  const { rows } = await db.execute<{ wamid: string }>(sql`
    select wamid from "Message" where "chatId" = ${chatId}::int and not "fromMe" and amends is null and wamid is not null
      and not "isHistory" order by "createdAt" desc, seq desc limit 1`);
  return rows[0]?.wamid ?? null;
}
