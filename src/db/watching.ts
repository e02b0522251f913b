import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./client.ts";

// Calling a room for every event, watched or not, would be the largest avoidable cost. Ingest reads `watchedUntil` from the row
// it has locked; a room sets it before it reads what was missed. Both use the same row, so one comes first and no event is
// lost between them.

/**
 * Sets until when the chat may be open somewhere; null: it no longer is. Returns whether it was watched until now: events that
 * were committed while it was not were published to no room.
 */
export async function watchChat(db: Db, chatId: number, until: Date | null): Promise<boolean> {
  return await setWatchedUntil(db, sql`"Chat"`, chatId, until);
}

/** The same for an organization's inboxes. */
export async function watchInbox(db: Db, organizationId: number, until: Date | null): Promise<boolean> {
  return await setWatchedUntil(db, sql`"Organization"`, organizationId, until);
}

async function setWatchedUntil(db: Db, table: SQL, id: number, until: Date | null): Promise<boolean> {
  const { rows } = await db.execute<{ wasWatched: boolean }>(sql`
    with before as (select id, coalesce("watchedUntil" > now(), false) "wasWatched" from ${table} where id = ${id} for no key update)
    update ${table} w set "watchedUntil" = ${until?.toISOString() ?? null}::timestamptz from before where w.id = before.id
    returning before."wasWatched"`);
  return rows[0]?.wasWatched ?? false;
}
