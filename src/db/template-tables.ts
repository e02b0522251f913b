import { index, integer, json, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";
import { organizations } from "./organization-tables.ts";

/** Meta's message templates as they stand: listed by a sync, kept current by webhooks. */
export const templates = pgTable(
  "Template",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    wabaId: text().notNull(),
    /** Meta's id. */
    metaId: text(),
    name: text().notNull(),
    language: text().notNull(),
    category: text(),
    parameterFormat: text(),
    /** Meta's own object; null until it was listed. */
    components: json(),
    status: text().notNull(),
    quality: text(),
    /** Why Meta refused or paused it. */
    reason: text(),
    /** Meta's times of the last word on each: an older one does not take it back. */
    statusAt: moment(),
    qualityAt: moment(),
    categoryAt: moment(),
    componentsAt: moment(),
    /** When Graph last told the definition; null while `components` have only what a webhook tells: the texts. */
    syncedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("Template_organizationId_wabaId_name_language_key").on(
      t.organizationId,
      t.wabaId,
      t.name,
      t.language,
    ),
    index("Template_wabaId_metaId_idx").on(t.wabaId, t.metaId),
  ],
);
