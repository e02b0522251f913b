import { boolean, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";
import { organizations } from "./organization-tables.ts";

/**
 * Marketing preferences, by each id that Meta named: a preference may arrive before the person has written, and applies to a
 * contact that is created later. The latest by Meta's time wins.
 */
export const marketingChoices = pgTable(
  "MarketingChoice",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    kind: text().notNull().$type<"phone" | "userId">(),
    value: text().notNull(),
    isStopped: boolean().notNull(),
    saidAt: moment().notNull(),
    /** Meta's id of the sign-up link by which the person agreed. */
    signupId: text(),
  },
  (t) => [uniqueIndex("MarketingChoice_organizationId_kind_value_key").on(t.organizationId, t.kind, t.value)],
);
