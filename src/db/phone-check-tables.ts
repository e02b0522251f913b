import { integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { CheckCode, CheckFix, CheckId, CheckStatus, Evidence } from "../domain/check.ts";
import { moment } from "./columns.ts";
import { organizationPhones } from "./organization-tables.ts";

/** What each check of a number found when it last ran. */
export const phoneChecks = pgTable(
  "PhoneCheck",
  {
    organizationPhoneId: integer()
      .notNull()
      .references(() => organizationPhones.id),
    checkId: text().notNull().$type<CheckId>(),
    status: text().notNull().$type<CheckStatus>(),
    code: text().notNull().$type<CheckCode>(),
    evidence: jsonb().notNull().$type<Evidence>(),
    fixes: jsonb().notNull().$type<CheckFix[]>(),
    checkedAt: moment().notNull(),
    /** Since when it has found the same. */
    since: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationPhoneId, t.checkId] })],
);
