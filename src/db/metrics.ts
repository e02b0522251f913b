import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

export type Backlog = {
  sends: { unknown: number; unconfirmed: number; queuedOverOneMinute: number };
  keptEvents: { unread: number };
};

/** What of an organization waits for somebody: sends whose fate is open, and events that were kept and never applied. */
export async function backlogOf(db: Db, organizationId: number): Promise<Backlog> {
  const { rows } = await db.execute<{ backlog: Backlog }>(sql`
    with phones as (select p.id, p."wabaPhoneNumberId" from "OrganizationPhone" p where p."organizationId" = ${organizationId}::int),
    open as (select m.status, m."receivedAt" from "Message" m where m.status in ('queued', 'sending', 'unknown')
      and m."organizationPhoneId" in (select id from phones)),
    ended as (select count(*) n from "Message" m where m.status = 'unconfirmed' and m."organizationPhoneId" in (select id from phones))
    select json_build_object(
      'sends', json_build_object(
        'unknown', (select count(*) from open where status = 'unknown'),
        'unconfirmed', (select n from ended),
        'queuedOverOneMinute', (select count(*) from open where status = 'queued' and "receivedAt" < now() - interval '1 minute')),
      'keptEvents', json_build_object('unread', (select count(*) from "WebhookEvent" e
        where e.reason is not null and e."appliedAt" is null and (e."organizationId" = ${organizationId}::int
          or e."organizationId" is null and e."phoneNumberId" in (select "wabaPhoneNumberId" from phones))))) as backlog`);
  const [row] = rows;
  if (!row) throw new Error("a statement that always gives a row gave none");
  return row.backlog;
}

/** How many messages of all organizations have been waiting since before a moment to be sent at all. */
export async function queuedBefore(db: Db, moment: Date): Promise<number> {
  const { rows } = await db.execute<{ queued: number }>(sql`
    select count(*)::int as queued from "Message" m where m.status in ('queued', 'sending', 'unknown') and m.status = 'queued'
      and m."receivedAt" < ${moment.toISOString()}::timestamptz`);
  return rows[0]?.queued ?? 0;
}
