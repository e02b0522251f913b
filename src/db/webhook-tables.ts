import { sql } from "drizzle-orm";
import { check, index, integer, json, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { UnreadReason } from "../domain/inbound-event.ts";
import type { Severity } from "../domain/notice.ts";
import { bytes, id, moment } from "./columns.ts";
import { organizations } from "./organization-tables.ts";

/** What is neither a message nor a status, or could not be parsed or applied: raw, so that it can be replayed. */
export const webhookEvents = pgTable(
  "WebhookEvent",
  {
    id: id(),
    /** Null when its number is not connected: then only operators see it. */
    organizationId: integer().references(() => organizations.id),
    phoneNumberId: text(),
    wabaId: text(),
    field: text(),
    reason: text().$type<UnreadReason>(),
    /** Of the notice in it; null where there is none. */
    severity: text().$type<Severity>(),
    /** A webhook body with this item alone. Null when it was not JSON: then `raw` has the bytes. */
    payload: json(),
    raw: bytes(),
    /** Of the content, which includes Meta's time: identifies a redelivery. */
    hash: text().notNull(),
    appliedAt: moment(),
    receivedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("WebhookEvent_hash_key").on(t.hash),
    index("WebhookEvent_organizationId_id_idx").on(t.organizationId, t.id),
    index("WebhookEvent_unread_idx")
      .on(t.organizationId, t.phoneNumberId)
      .where(sql`reason is not null and "appliedAt" is null`),
    // Readiness counts them.
    index("WebhookEvent_unassigned_idx")
      .on(t.receivedAt)
      .where(sql`severity = 'critical' and "appliedAt" is null and "organizationId" is null`),
  ],
);

/** The random name of this database's history, one row. A new one after a restore makes clients start over. */
export const epochs = pgTable(
  "Epoch",
  {
    id: integer().primaryKey().default(1),
    epoch: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (t) => [check("Epoch_one_row_check", sql`${t.id} = 1`)],
);
