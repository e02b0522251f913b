import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./client.ts";

// Calling a room for every event, watched or not, would be the largest avoidable cost. Whoever ingests reads the mark
// from the row it has locked; whoever watches sets it before reading what was missed. Both touch the same row, so one
// of them comes first, and nothing falls between.

/**
 * Says until when somebody may have the chat open; null: nobody any more. Gives whether the mark stood until now: what was
 * committed while it did not was told to nobody.
 */
export async function watchChat(db: Db, chatId: number, until: Date | null): Promise<boolean> {
  return await mark(db, sql`"Chat"`, chatId, until);
}

/** The same for an organization's inboxes. */
export async function watchInbox(db: Db, organizationId: number, until: Date | null): Promise<boolean> {
  return await mark(db, sql`"Organization"`, organizationId, until);
}

async function mark(db: Db, table: SQL, id: number, until: Date | null): Promise<boolean> {
  const { rows } = await db.execute<{ stood: boolean }>(sql`
    with before as (select id, coalesce("watchedUntil" > now(), false) stood from ${table} where id = ${id} for no key update)
    update ${table} w set "watchedUntil" = ${until?.toISOString() ?? null}::timestamptz from before where w.id = before.id
    returning before.stood`);
  return rows[0]?.stood ?? false;
}
