import { sql } from "drizzle-orm";
import { index, integer, json, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";
import { organizations } from "./organization-tables.ts";

/** Meta's message templates: listed by a sync, updated by webhooks. */
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
    /** Meta's own object; null until it is listed. */
    components: json(),
    status: text().notNull(),
    quality: text(),
    /** Why Meta refused or paused it. */
    reason: text(),
    /** Meta's times of the latest report of each: an older report does not change it. */
    statusAt: moment(),
    qualityAt: moment(),
    categoryAt: moment(),
    componentsAt: moment(),
    /** When the definition was last read from Graph; null while `components` has only the texts of a webhook. */
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
    // Those that raise an alarm.
    index("Template_stopped_idx").on(t.organizationId).where(sql`status in ('PAUSED', 'DISABLED')`),
  ],
);
