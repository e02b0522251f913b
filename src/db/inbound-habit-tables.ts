import { sql } from "drizzle-orm";
import { check, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { organizationPhones } from "./organization-tables.ts";

/** When messages came in for a number: a row for each hour with one. Filled by the schedule, so that no message waits for it. */
export const inboundHours = pgTable(
  "InboundHour",
  {
    organizationPhoneId: integer()
      .notNull()
      .references(() => organizationPhones.id),
    /** Its beginning. */
    hour: moment().notNull(),
    /** Bit n: a message came in during the n-th five minutes. Several in one count once. */
    slots: integer().notNull(),
    lastAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationPhoneId, t.hour] })],
);

/** Up to which message "InboundHour" is filled, one row. */
export const inboundCursors = pgTable(
  "InboundCursor",
  { id: integer().primaryKey().default(1), messageId: integer().notNull().default(0) },
  (t) => [check("InboundCursor_one_row_check", sql`${t.id} = 1`)],
);

/** Webhooks that name a number of ours and were refused for their signature. Anybody can send those: a hint, not a fact. */
export const refusedWebhooks = pgTable("RefusedWebhook", {
  phoneNumberId: text().primaryKey(),
  count: integer().notNull().default(1),
  firstAt: moment().notNull().defaultNow(),
  lastAt: moment().notNull().defaultNow(),
});
