import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { inState } from "./media.ts";
import { unsettled } from "./outgoing.ts";

/**
 * When the schedule's next work is due by what is stored, less what has its turn in the hour: a moment of now or before when work is
 * left; null when nothing is planned. `isDelivering`: whether alarms are delivered to a URL.
 */
export async function nextDueAt(db: Db, now: Date, isDelivering: boolean): Promise<Date | null> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await db.execute<{ dueAtMs: number | null }>(sql`
    select extract(epoch from min(greatest(d.due, ${at})))::float8 * 1000 as "dueAtMs" from (
      select ${at} as due where exists (select from "Message" where ${unsettled})
      union all select min("nextAttemptAt") from "Media" where ${inState()}
      union all select min("snoozedUntil") from "Chat" where status = 'snoozed' and "mergedIntoId" is null
      union all select ${at} where exists (select from "SearchBackfill" where "beforeMessageId" > 0)
      union all select ${at} where (select max(id) from "Message") > coalesce((select "messageId" from "InboundCursor"), 0)
      union all select min(r."lastAt") + interval '1 hour' from "RefusedWebhook" r where r."lastAt" > ${at} - interval '1 hour'
      union all select min("nextAttemptAt") from "AlarmDelivery" where ${isDelivering}::bool and "nextAttemptAt" < 'infinity'
      union all select ${at} where ${isDelivering}::bool and exists (select from "AlarmDelivery" d
        join "AlarmDelivery" r on r."noticeId" = d."noticeId" and r.event = 'alarm.raised' and r."nextAttemptAt" is null
        join "Notice" n on n.id = d."noticeId" and n."clearedAt" is not null
        where d.event = 'alarm.cleared' and d."nextAttemptAt" = 'infinity')) d
    where d.due < 'infinity'`);
  const dueAtMs = rows[0]?.dueAtMs ?? null;
  return dueAtMs === null ? null : new Date(dueAtMs);
}
