import { and, eq, gt, sql } from "drizzle-orm";
import type { Label } from "../domain/label.ts";
import type { Db } from "./client.ts";
import { labels } from "./team-tables.ts";
import { type Saved, savedUnlessTaken } from "./unique-names.ts";

/** The most labels of an organization. */
export const MOST_LABELS_EACH = 200;

export type LabelValues = Omit<Label, "id">;

const columns = { id: labels.id, name: labels.name, color: sql<Label["color"]>`${labels.color}` };

/** The labels of an organization after an id, by id. */
export async function pageOfLabels(
  db: Db,
  organizationId: number,
  after: number | null,
  limit: number,
): Promise<Label[]> {
  return await db
    .select(columns)
    .from(labels)
    .where(and(eq(labels.organizationId, organizationId), gt(labels.id, after ?? 0)))
    .orderBy(labels.id)
    .limit(limit);
}

/** Creates a label. The same again returns the same label. */
export async function createLabel(
  db: Db,
  organizationId: number,
  { name, color }: LabelValues,
): Promise<Saved<Label>> {
  const [, [row]] = await db.batch([
    db.execute(sql`
      insert into "Label" ("organizationId", name, color) select ${organizationId}::int, ${name}::text, ${color}::text
      where (select count(*) from "Label" where "organizationId" = ${organizationId}::int) < ${MOST_LABELS_EACH}::int
      on conflict do nothing`),
    db
      .select(columns)
      .from(labels)
      .where(and(eq(labels.organizationId, organizationId), sql`lower(name) = lower(${name})`)),
  ]);
  if (!row) return { kind: "full" };
  return row.name === name && row.color === color ? { kind: "saved", row } : { kind: "taken" };
}

/** Null when the organization has no such label. */
export async function changeLabel(
  db: Db,
  organizationId: number,
  id: number,
  values: LabelValues,
): Promise<Saved<Label> | null> {
  return await savedUnlessTaken(() =>
    db
      .update(labels)
      .set({ ...values, updatedAt: sql`now()` })
      .where(and(eq(labels.organizationId, organizationId), eq(labels.id, id)))
      .returning(columns),
  );
}

/** Whether there was one. Chats keep its id, which then means nothing. */
export async function deleteLabel(db: Db, organizationId: number, id: number): Promise<boolean> {
  const gone = await db
    .delete(labels)
    .where(and(eq(labels.organizationId, organizationId), eq(labels.id, id)))
    .returning({ id: labels.id });
  return gone.length > 0;
}
