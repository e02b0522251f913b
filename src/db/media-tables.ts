import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { MediaState } from "../domain/message.ts";
import { id, moment } from "./columns.ts";
import { organizationPhones } from "./organization-tables.ts";

/** A file of a message, in either direction. The message describes it; where it is stored follows later. */
export const media = pgTable(
  "Media",
  {
    id: id(),
    organizationId: integer().notNull(),
    organizationPhoneId: integer()
      .notNull()
      .references(() => organizationPhones.id),
    /** Meta's id: valid for 7 days for a received file, 30 days for an uploaded one. Null for one that is sent by link. */
    metaId: text(),
    fromMe: boolean().notNull(),
    state: text().notNull().default("pending").$type<MediaState>(),
    mimeType: text(),
    fileName: text(),
    /** SHA-256 in base64, as Meta writes it. */
    sha256: text(),
    sizeBytes: bigint({ mode: "number" }),
    /** The key in the bucket, by organization and content, so that equal files are stored once. */
    objectKey: text(),
    /** Why the file is unavailable: one of our codes. */
    problem: text(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: moment(),
    /** When Meta's id expires. */
    expiresAt: moment(),
    storedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("Media_organizationPhoneId_metaId_key").on(t.organizationPhoneId, t.metaId),
    // Ends with the id: many files come due at one moment, and the next few are read in order.
    index("Media_waiting_idx")
      .on(t.organizationPhoneId, t.nextAttemptAt, t.id)
      .where(sql`state in ('pending', 'retrying')`),
    index("Media_objectKey_idx").on(t.objectKey),
  ],
);
