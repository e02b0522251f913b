import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

// Calling a room for every event, watched or not, would be the largest avoidable cost. Whoever ingests reads the mark
// from the row it has locked; whoever watches sets it before reading what was missed. Both touch the same row, so one
// of them comes first, and nothing falls between.

/** Says until when somebody may have the chat open; null: nobody any more. */
export async function watchChat(db: Db, chatId: number, until: Date | null): Promise<void> {
  await db.execute(
    sql`update "Chat" set "watchedUntil" = ${until?.toISOString() ?? null}::timestamptz where id = ${chatId}`,
  );
}

/** The same for an organization's inboxes. */
export async function watchInbox(db: Db, organizationId: number, until: Date | null): Promise<void> {
  await db.execute(
    sql`update "Organization" set "watchedUntil" = ${until?.toISOString() ?? null}::timestamptz where id = ${organizationId}`,
  );
}
