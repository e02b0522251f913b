import { and, eq, gt, sql } from "drizzle-orm";
import type { QuickReply } from "../domain/label.ts";
import type { Db } from "./client.ts";
import { quickReplies } from "./team-tables.ts";
import { type Saved, savedUnlessTaken } from "./unique-names.ts";

/** The most quick replies of an organization. */
export const MOST_QUICK_REPLIES = 1_000;

export type QuickReplyValues = Omit<QuickReply, "id">;

const columns = { id: quickReplies.id, shortcut: quickReplies.shortcut, text: quickReplies.text };
const { organizationId: organization } = quickReplies;

/** The quick replies of an organization after an id, by id. */
export async function pageOfQuickReplies(
  db: Db,
  organizationId: number,
  after: number | null,
  limit: number,
): Promise<QuickReply[]> {
  const isAfter = and(eq(organization, organizationId), gt(quickReplies.id, after ?? 0));
  return await db.select(columns).from(quickReplies).where(isAfter).orderBy(quickReplies.id).limit(limit);
}

/** Creates a quick reply. The same again returns the same one. */
export async function createQuickReply(
  db: Db,
  organizationId: number,
  { shortcut, text }: QuickReplyValues,
): Promise<Saved<QuickReply>> {
  const hasShortcut = and(eq(organization, organizationId), sql`lower(shortcut) = lower(${shortcut})`);
  const [, [row]] = await db.batch([
    db.execute(sql`
      insert into "QuickReply" ("organizationId", shortcut, text) select ${organizationId}::int, ${shortcut}::text, ${text}::text
      where (select count(*) from "QuickReply" where "organizationId" = ${organizationId}::int) < ${MOST_QUICK_REPLIES}::int
      on conflict do nothing`),
    db.select(columns).from(quickReplies).where(hasShortcut),
  ]);
  if (!row) return { kind: "full" };
  return row.shortcut === shortcut && row.text === text ? { kind: "saved", row } : { kind: "taken" };
}

/** Null when the organization has no such quick reply. */
export async function changeQuickReply(
  db: Db,
  organizationId: number,
  id: number,
  values: QuickReplyValues,
): Promise<Saved<QuickReply> | null> {
  const isIt = and(eq(organization, organizationId), eq(quickReplies.id, id));
  const changed = { ...values, updatedAt: sql`now()` };
  return await savedUnlessTaken(() => db.update(quickReplies).set(changed).where(isIt).returning(columns));
}

/** Whether there was one. */
export async function deleteQuickReply(db: Db, organizationId: number, id: number): Promise<boolean> {
  const isIt = and(eq(organization, organizationId), eq(quickReplies.id, id));
  return (await db.delete(quickReplies).where(isIt).returning({ id: quickReplies.id })).length > 0;
}
