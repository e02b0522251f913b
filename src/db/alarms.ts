import { sql } from "drizzle-orm";
import type { Severity } from "../domain/notice.ts";
import type { InboundHabit } from "../domain/silence.ts";
import type { Db } from "./client.ts";
import { type CommittedNotice, type CommittedNoticeRow, toCommittedNotice } from "./committed.ts";

/** A cause of an alarm, found (`wrong`) or found to be absent (null). */
export type Observation = {
  organizationId: number;
  /** What is observed, such as `phone:12:C02`: each has one open alarm at most. */
  alarm: string;
  observedAt: string;
  wrong: {
    /** Another code of the same alarm is another cause: it clears the old one and raises a new one. */
    code: string;
    kind: string;
    severity: Severity;
    title: string;
    detail: Record<string, unknown>;
    happenedAt: string;
  } | null;
  organizationPhoneId: number | null;
  wabaId: string | null;
};

/** Raises and clears alarms as observed. Returns those that changed, to be published. */
export async function reconcileAlarms(db: Db, observations: Observation[]): Promise<CommittedNotice[]> {
  if (observations.length === 0) return [];
  const rows = observations.map(({ wrong, ...observed }) => ({ ...observed, ...(wrong ?? { code: null }) }));
  return await changed(db, sql`reconcile_alarms(${JSON.stringify(rows)}::json)`);
}

/** Raises an alarm for each template, number and limit that Meta has reported and that is still so. */
export async function raiseReportedAlarms(db: Db, now: Date): Promise<CommittedNotice[]> {
  return await changed(db, sql`raise_reported_alarms(${now.toISOString()}::timestamptz)`);
}

/** Clears alarms whose cause is gone by what is stored. */
export async function clearHealedAlarms(db: Db, now: Date): Promise<CommittedNotice[]> {
  return await changed(db, sql`clear_healed_alarms(${now.toISOString()}::timestamptz)`);
}

async function changed(db: Db, call: ReturnType<typeof sql>): Promise<CommittedNotice[]> {
  const { rows } = await db.execute<{ notices: CommittedNoticeRow[] }>(sql`select ${call} as notices`);
  return (rows[0]?.notices ?? []).map(toCommittedNotice);
}

/** Adds the messages that came in since the last run to each number's habit. */
export async function recordInbound(db: Db, now: Date, maxMessages: number): Promise<void> {
  await db.execute(sql`select record_inbound(${now.toISOString()}::timestamptz, ${maxMessages}::int)`);
}

/** A number, as alarms name it. */
export type Watched = {
  id: number;
  organizationId: number;
  name: string;
  phoneNumber: string;
  wabaId: string | null;
};

const watched = sql`p.id, p."organizationId", p.name, p."phoneNumber", p."wabaId"`;

/** A number of any organization; null when there is none of this id. */
export async function watchedPhone(db: Db, id: number): Promise<Watched | null> {
  const { rows } = await db.execute<Watched>(
    sql`select ${watched} from "OrganizationPhone" p where p.id = ${id}::int`,
  );
  return rows[0] ?? null;
}

/** A number, and when messages usually come in for it. */
export type QuietPhone = Watched & { habit: InboundHabit };

/** A number's silence is looked at in every fifth minute. */
export const SILENCE_TURNS = 5;

/**
 * The connected numbers for which nothing has come in for half an hour at a moment, with their habit in the same hours of the last
 * four weeks: those whose turn is in its minute, or all (`turn: null`). Numbers whose silence is an open alarm are left out.
 */
export async function quietPhones(
  db: Db,
  now: Date,
  turn: number | null = now.getUTCMinutes() % SILENCE_TURNS,
): Promise<QuietPhone[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await db.execute<
    Watched & { lastAt: string; firstHour: string; hours: [hour: string, slots: number][] }
  >(sql`
    select ${watched}, rfc3339(l."lastAt") as "lastAt", rfc3339(f.hour) as "firstHour", h.hours
    from "OrganizationPhone" p
      cross join lateral (select i."lastAt" from "InboundHour" i where i."organizationPhoneId" = p.id order by i.hour desc limit 1) l
      cross join lateral (select i.hour from "InboundHour" i where i."organizationPhoneId" = p.id order by i.hour limit 1) f
      cross join lateral (select json_agg(json_build_array(rfc3339(i.hour), i.slots)) as hours
        from generate_series(1, 4) week cross join lateral (select i.hour, i.slots from "InboundHour" i where i."organizationPhoneId" = p.id
          and i.hour > greatest(l."lastAt", ${at} - interval '7 days') - week * interval '7 days' - interval '2 hours'
          and i.hour < ${at} - week * interval '7 days' + interval '1 hour' offset 0) i) h
    where p."connectionType" = 'waba' and p.id % ${SILENCE_TURNS}::int = coalesce(${turn}::int, p.id % ${SILENCE_TURNS}::int)
      and l."lastAt" < ${at} - interval '30 minutes' and h.hours is not null
      and not exists (select from "Notice" n where n."organizationId" = p."organizationId" and n.alarm = 'phone:' || p.id || ':silence'
        and n."clearedAt" is null)
    order by p.id`);
  return rows.map(({ lastAt, firstHour, hours, ...phone }) => ({
    ...phone,
    habit: {
      lastInboundAt: new Date(lastAt),
      knownSince: new Date(firstHour),
      hours: hours.map(([hour, slots]) => ({ hour: new Date(hour), slots })),
    },
  }));
}
