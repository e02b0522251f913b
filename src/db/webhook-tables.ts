import { sql } from "drizzle-orm";
import { check, index, integer, json, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { UnreadReason } from "../domain/inbound-event.ts";
import { bytes, id, moment } from "./columns.ts";
import { organizations } from "./organization-tables.ts";

/** What is neither a message nor a status, or could not be read or applied: raw, so that it can be replayed. */
export const webhookEvents = pgTable(
  "WebhookEvent",
  {
    id: id(),
    /** Null when it belongs to no number of ours: then only operators see it. */
    organizationId: integer().references(() => organizations.id),
    phoneNumberId: text(),
    wabaId: text(),
    field: text(),
    reason: text().$type<UnreadReason>(),
    /** A webhook body that holds this item alone. Null when it was no JSON: then `raw` has the bytes. */
    payload: json(),
    raw: bytes(),
    /** Of the content, which includes Meta's time: a redelivery is known by it. */
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
  ],
);

/** The random name of this database's history, one row: made anew after a restore, it tells clients to start over. */
export const epochs = pgTable(
  "Epoch",
  {
    id: integer().primaryKey().default(1),
    epoch: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (t) => [check("Epoch_one_row_check", sql`${t.id} = 1`)],
);
