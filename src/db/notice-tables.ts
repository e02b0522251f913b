import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";
import { organizationPhones, organizations } from "./organization-tables.ts";

/** What Meta reports about the organization's account, numbers and templates, and what we notice ourselves, for its admins. */
export const notices = pgTable(
  "Notice",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    organizationPhoneId: integer().references(() => organizationPhones.id),
    wabaId: text(),
    /** Meta's field; null for a notice of our own. */
    field: text(),
    kind: text().notNull(),
    severity: text().notNull().$type<"info" | "warning" | "critical">(),
    title: text().notNull(),
    detail: jsonb().notNull().$type<Record<string, unknown>>(),
    /** Of the content: identifies a redelivery. */
    hash: text().notNull(),
    /** Meta's time, or ours where Meta gives none. */
    happenedAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
    /** What is wrong, such as `phone:12:C02`, of a notice that is an alarm; null for a plain report. */
    alarm: text(),
    /** When what an alarm is about was right again. */
    clearedAt: moment(),
  },
  (t) => [
    // One open alarm for each cause, whoever finds it.
    uniqueIndex("Notice_organizationId_alarm_open_key")
      .on(t.organizationId, t.alarm)
      .where(sql`alarm is not null and "clearedAt" is null`),
    uniqueIndex("Notice_organizationId_hash_key").on(t.organizationId, t.hash),
    // The list, and the list of one severity.
    index("Notice_organizationId_id_idx").on(t.organizationId, t.id),
    index("Notice_organizationId_severity_id_idx").on(t.organizationId, t.severity, t.id),
    index("Notice_organizationId_kind_happenedAt_idx").on(t.organizationId, t.kind, t.happenedAt),
    // The newest report on a number, which each run of the schedule reads.
    index("Notice_organizationPhoneId_kind_happenedAt_idx").on(
      t.organizationPhoneId,
      t.kind,
      t.happenedAt,
      t.hash,
    ),
    // The last time that a cause of an alarm was right again.
    index("Notice_organizationId_alarm_idx").on(t.organizationId, t.alarm).where(sql`alarm is not null`),
    // Two contacts of whom each may be in another conflict.
    index("Notice_contactIds_idx")
      .using("gin", sql`(detail->'contactIds')`)
      .where(sql`kind = 'identity_conflict'`),
  ],
);

/** An alarm's way to the operator's URL: one row when it is raised, and one when it is cleared. */
export const alarmDeliveries = pgTable(
  "AlarmDelivery",
  {
    noticeId: integer()
      .notNull()
      .references(() => notices.id, { onDelete: "cascade" }),
    event: text().notNull().$type<"alarm.raised" | "alarm.cleared">(),
    attempts: integer().notNull().default(0),
    /** Null once it was delivered or given up. */
    nextAttemptAt: moment(),
    deliveredAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.noticeId, t.event] }),
    index("AlarmDelivery_nextAttemptAt_idx").on(t.nextAttemptAt).where(sql`"nextAttemptAt" is not null`),
  ],
);
