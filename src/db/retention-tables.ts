import { bigint, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { RetentionGroup } from "../domain/retention.ts";
import { id, moment } from "./columns.ts";
import { organizations } from "./organization-tables.ts";

/** How far the removal of old rows has got in each group: the next run continues there. */
export const retentionPasses = pgTable("RetentionPass", {
  group: text().primaryKey().$type<RetentionGroup>(),
  /** Of `events` the last chat of the pass under way, of the others the last row that was old enough. */
  position: bigint({ mode: "number" }).notNull().default(0),
  updatedAt: moment().notNull().defaultNow(),
});

/**
 * Objects of the bucket that a row no longer names. Written with the change of the row, and deleted once the object is gone, so
 * that nothing stays in the bucket whoever dies in between. An object that another row names is kept.
 */
export const discardedObjects = pgTable(
  "DiscardedObject",
  {
    id: id(),
    objectKey: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (t) => [uniqueIndex("DiscardedObject_objectKey_key").on(t.objectKey)],
);

/**
 * What was erased, as hashes: of a person's ids, and of the ids of their messages and stored events. What Meta delivers again is
 * dropped by them: of the person what is not newer than `erasedAt`, of the others everything.
 */
export const erasures = pgTable(
  "Erasure",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    /** SHA-256 of the kind and the value. */
    hash: text().notNull(),
    erasedAt: moment().notNull(),
  },
  (t) => [
    uniqueIndex("Erasure_hash_organizationId_key").on(t.hash, t.organizationId),
    index("Erasure_erasedAt_idx").on(t.erasedAt),
  ],
);
