import { and, eq, sql } from "drizzle-orm";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import type { Db } from "./client.ts";
import { alarmDeliveries } from "./notice-tables.ts";
import { type NoticeRow, toNotice } from "./rows.ts";

export type AlarmEvent = "alarm.raised" | "alarm.cleared";

/** One attempt to deliver an alarm. `attempts` counts it. */
export type AlarmDelivery = {
  event: AlarmEvent;
  attempts: number;
  organizationId: number;
  notice: StoredNotice;
  /** Of this database's history: another one has the same ids. */
  epoch: string;
};

/** For how long an attempt that is never settled keeps others away. */
const LEASE = sql`interval '2 minutes'`;

/** Queues what has changed: each open alarm once, and once more when it is cleared, which waits until the first is settled. */
export async function queueAlarmDeliveries(db: Db, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await db.batch([
    db.execute(sql`
      insert into "AlarmDelivery" ("noticeId", event, "nextAttemptAt")
      select n.id, e.event, case when e.event = 'alarm.raised' then ${at} else 'infinity' end
      from "Notice" n cross join (values ('alarm.raised'), ('alarm.cleared')) e(event)
      where n.alarm is not null and n."clearedAt" is null
        and not exists (select from "AlarmDelivery" d where d."noticeId" = n.id and d.event = e.event offset 0)
      on conflict do nothing`),
    db.execute(sql`
      update "AlarmDelivery" d set "nextAttemptAt" = ${at}
      from "Notice" n where d.event = 'alarm.cleared' and d."nextAttemptAt" = 'infinity' and n.id = d."noticeId"
        and n."clearedAt" is not null
        and exists (select from "AlarmDelivery" r where r."noticeId" = d."noticeId" and r.event = 'alarm.raised' and r."nextAttemptAt" is null)`),
  ]);
}

/** Takes deliveries that are due, oldest first. Nobody else takes them for two minutes. */
export async function claimAlarmDeliveries(db: Db, now: Date, limit: number): Promise<AlarmDelivery[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await db.execute<Omit<AlarmDelivery, "notice"> & { notice: NoticeRow }>(sql`
    with due as (
      select d."noticeId", d.event from "AlarmDelivery" d where d."nextAttemptAt" <= ${at}
      order by d."nextAttemptAt", d."noticeId" limit ${limit} for update skip locked),
    claimed as (
      update "AlarmDelivery" d set attempts = d.attempts + 1, "nextAttemptAt" = ${at} + ${LEASE}
      from due where d."noticeId" = due."noticeId" and d.event = due.event returning d."noticeId", d.event, d.attempts)
    select c.event, c.attempts, n."organizationId", to_json(n) as notice, (select epoch from "Epoch") as epoch
    from claimed c join "Notice" n on n.id = c."noticeId" order by n.id`);
  return rows.map(({ notice, ...delivery }) => ({ ...delivery, notice: toNotice(notice) }));
}

/** Records how an attempt ended: delivered, to be repeated at a time, or given up (neither). */
export async function settleAlarmDelivery(
  db: Db,
  { event, notice }: AlarmDelivery,
  result: { deliveredAt: Date | null; nextAttemptAt: Date | null },
): Promise<void> {
  await db
    .update(alarmDeliveries)
    .set(result)
    .where(and(eq(alarmDeliveries.noticeId, notice.id), eq(alarmDeliveries.event, event)));
}
