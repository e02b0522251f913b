import { boolean, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";
import { organizations } from "./organization-tables.ts";

/**
 * Who wants no marketing, by all that the telling named: it may come before the person has written, and a contact that is
 * made later takes it over. The last word by Meta's time holds.
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
  },
  (t) => [uniqueIndex("MarketingChoice_organizationId_kind_value_key").on(t.organizationId, t.kind, t.value)],
);
