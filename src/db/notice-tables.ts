import { index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";
import { organizationPhones, organizations } from "./organization-tables.ts";

/** What Meta reports about the organization's account, numbers and templates, for its admins. */
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
  },
  (t) => [
    uniqueIndex("Notice_organizationId_hash_key").on(t.organizationId, t.hash),
    // The list, and the list of one severity.
    index("Notice_organizationId_id_idx").on(t.organizationId, t.id),
    index("Notice_organizationId_severity_id_idx").on(t.organizationId, t.severity, t.id),
    index("Notice_organizationId_kind_happenedAt_idx").on(t.organizationId, t.kind, t.happenedAt),
  ],
);
