import { sql } from "drizzle-orm";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";

/** A person to be erased: one of their contacts, and since when nothing older of them is taken in any more. */
export type Erased = { organizationId: number; contactId: number; at: Date };

/** The messages of one call: its transaction takes some 50 ms. */
const BATCH_MESSAGES = 500;

/** Begins to erase a person. Returns the ids of their chats; null when the organization has no such contact. */
export async function beginErasure(
  db: Db,
  { organizationId, contactId, at }: Erased,
): Promise<number[] | null> {
  const { rows } = await db.execute<{ chats: number[] | null }>(
    sql`select begin_erasure(${organizationId}::int, ${contactId}::int, ${at.toISOString()}::timestamptz) as chats`,
  );
  return singleRow(rows).chats;
}

/** Deletes a batch of their messages. Returns how many; 0 when none is left. */
export async function eraseMessages(db: Db, { organizationId, contactId, at }: Erased): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(
    sql`select erase_messages(${organizationId}::int, ${contactId}::int, ${at.toISOString()}::timestamptz, ${BATCH_MESSAGES}) as count`,
  );
  return singleRow(rows).count;
}

/**
 * Deletes all else of them and logs that `agentId` did it, with the number of messages. Returns what changed in groups; null when
 * the person has messages again, or is gone already.
 */
export async function finishErasure(
  db: Db,
  { organizationId, contactId, at }: Erased,
  agentId: number,
  messages: number,
): Promise<Committed | null> {
  const { rows } = await db.execute<{ committed: CommittedRows | null }>(
    sql`select finish_erasure(${organizationId}::int, ${contactId}::int, ${agentId}::int, ${at.toISOString()}::timestamptz,
      ${messages}::int) as committed`,
  );
  const { committed } = singleRow(rows);
  return committed && toCommitted(committed);
}

/** Forgets what was erased before `horizon`: Meta delivers none of it any more. */
export async function forgetErasures(db: Db, horizon: Date): Promise<void> {
  await db.execute(sql`delete from "Erasure" where "erasedAt" < ${horizon.toISOString()}::timestamptz`);
}
