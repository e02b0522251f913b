import { and, asc, gt, ne, sql } from "drizzle-orm";
import type { RetentionGroup } from "../domain/retention.ts";
import { type Db, singleRow } from "./client.ts";
import { media } from "./media-tables.ts";
import { retentionPasses } from "./retention-tables.ts";

/** The rows of one call: its transaction takes some 50 ms. */
const BATCH_ROWS = 2_000;
/** The logs that one call looks at: of most it reads one event. */
const BATCH_CHATS = 2_000;

/**
 * Removes a batch of rows from before `horizon`, where the last call stopped. Returns how many were removed, and whether there
 * is more to do: after the last chat `events` begins anew with the next call.
 */
export async function removeOldRows(
  db: Db,
  group: Exclude<RetentionGroup, "files">,
  horizon: Date,
): Promise<{ removed: number; hasMore: boolean }> {
  const at = sql`${horizon.toISOString()}::timestamptz`;
  const expire = {
    events: sql`expire_events(${at}, pass.position, ${BATCH_CHATS}, ${BATCH_ROWS})`,
    statuses: sql`expire_statuses(${at}, pass.position, ${BATCH_ROWS})`,
    webhooks: sql`expire_webhooks(${at}, pass.position, ${BATCH_ROWS})`,
  }[group];
  const { rows } = await db.execute<{ removed: number; before: string; after: string }>(sql`
    with pass as materialized (
      select coalesce((select p.position from "RetentionPass" p where p."group" = ${group}), 0) as position),
    done as materialized (select pass.position as before, e.removed, e.position as after from pass, ${expire} e),
    kept as (
      insert into "RetentionPass" ("group", position) select ${group}, d.after from done d
      on conflict ("group") do update set position = excluded.position, "updatedAt" = now())
    select removed, before, after from done`);
  const { removed, before, after } = singleRow(rows);
  return { removed, hasMore: group === "events" ? Number(after) !== 0 : after !== before };
}

/** A file that is too old, and what `settleFile` needs of it. */
export type OldFile = Pick<typeof media.$inferSelect, "id" | "state" | "attempts">;

/** The files from before `horizon` that were not looked at yet, oldest first: those that are gone are left out. */
export async function oldFiles(db: Db, horizon: Date, limit: number): Promise<OldFile[]> {
  const { id, state, attempts } = media;
  const position = sql`coalesce((select p.position from "RetentionPass" p where p."group" = 'files'), 0)`;
  const rows = await db
    .select({ id, state, attempts, createdAt: media.createdAt })
    .from(media)
    .where(and(gt(id, position), ne(state, "expired")))
    .orderBy(asc(id))
    .limit(limit);
  const firstKept = rows.findIndex(({ createdAt }) => createdAt >= horizon);
  return rows.slice(0, firstKept === -1 ? limit : firstKept).map(({ createdAt: _, ...file }) => file);
}

/** The files up to this one need not be looked at again. */
export async function passFiles(db: Db, position: number): Promise<void> {
  await db
    .insert(retentionPasses)
    .values({ group: "files", position })
    .onConflictDoUpdate({ target: retentionPasses.group, set: { position, updatedAt: sql`now()` } });
}

/** Objects of the bucket that no row names any more, as far as that is known, oldest first. */
export async function discardedKeys(
  db: Db,
  limit: number,
): Promise<{ objectKey: string; isUsed: boolean }[]> {
  const { rows } = await db.execute<{ objectKey: string; isUsed: boolean }>(sql`
    select d."objectKey", exists (select from "Media" f where f."objectKey" = d."objectKey" offset 0) as "isUsed"
    from "DiscardedObject" d order by d.id limit ${limit}`);
  return rows;
}

/**
 * Forgets objects that were deleted, or are used. A file that has found an object with its content there, just before that was
 * `deleted`, is fetched from Meta again, which still has it.
 */
export async function forgetDiscarded(db: Db, keys: string[], deleted: string[]): Promise<void> {
  await db.execute(sql`
    with gone as (delete from "DiscardedObject" where "objectKey" = any(${toArray(keys)}::text[]))
    update "Media" set state = 'retrying', "nextAttemptAt" = now()
    where "objectKey" = any(${toArray(deleted)}::text[]) and state = 'stored'`);
}

/** Notes objects that are to be deleted, unless a row names them. */
export async function discardObjects(db: Db, keys: string[]): Promise<void> {
  await db.execute(sql`
    insert into "DiscardedObject" ("objectKey") select unnest(${toArray(keys)}::text[]) on conflict do nothing`);
}

/** Our keys have no character that an array's text must escape. */
function toArray(keys: string[]): string {
  return `{${keys.join(",")}}`;
}
