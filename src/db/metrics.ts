import { sql } from "drizzle-orm";
import type { PhoneActivity } from "../domain/phone.ts";
import { type Db, singleRow } from "./client.ts";

export type Backlog = {
  sends: { unknown: number; unconfirmed: number; queuedOverOneMinute: number };
  keptEvents: { unread: number };
};

/** Counts what waits in an organization: sends whose delivery is undecided, and stored events that were never applied. */
export async function backlogOf(db: Db, organizationId: number): Promise<Backlog> {
  const { rows } = await db.execute<Backlog["sends"] & Backlog["keptEvents"]>(
    sql`select * from backlog_of(${organizationId}::int)`,
  );
  const { unread, ...sends } = singleRow(rows);
  return { sends, keptEvents: { unread } };
}

/** How many messages of all organizations have been queued since before a moment. */
export async function queuedBefore(db: Db, moment: Date): Promise<number> {
  const { rows } = await db.execute<{ queued: number }>(sql`
    select count(*)::int as queued from "Message" m where m.status in ('queued', 'sending', 'unknown') and m.status = 'queued'
      and m."receivedAt" < ${moment.toISOString()}::timestamptz`);
  return rows[0]?.queued ?? 0;
}

/** What waits for a number, and when it was last used. The times are those of its most recently active chats. */
export async function activityOf(db: Db, organizationPhoneId: number): Promise<PhoneActivity> {
  const { rows } = await db.execute<PhoneActivity>(
    sql`select * from phone_activity(${organizationPhoneId}::int)`,
  );
  return singleRow(rows);
}
