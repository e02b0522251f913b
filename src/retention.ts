import { databaseUrlOf, readConfig } from "./config.ts";
import { CRON_LIMIT_MS, connect, type Db } from "./db/client.ts";
import { RETENTION_PROBLEM, settleFile } from "./db/media.ts";
import { oldFiles, passFiles, removeOldRows } from "./db/retention.ts";
import type { RetentionGroup } from "./domain/retention.ts";
import { log } from "./log.ts";
import { publish, undeliveredAfter } from "./realtime/publish.ts";

const DAY_MS = 24 * 60 * 60_000;
const BATCH_FILES = 50;
const PUBLISH_CAP_MS = 1_000;

/**
 * Removes the rows of each group that are older than `RETENTION_DAYS` allows, in small batches and for `limitMs` at most: the next
 * run continues where this one stopped, whatever it died of. Without the setting nothing is asked and nothing is removed.
 */
export async function removeOld(env: Env, now: Date, limitMs: number): Promise<void> {
  const { days } = readConfig(env).retention;
  const db = connect(databaseUrlOf(env), CRON_LIMIT_MS);
  const groups = Object.entries(days) as [RetentionGroup, number][];
  for (const [group, age] of groups) {
    const horizon = new Date(now.getTime() - age * DAY_MS);
    // Each group has its share, so that none starves behind another.
    const untilMs = Date.now() + limitMs / groups.length;
    const count = group === "files" ? await removeFiles(env, db, horizon, untilMs) : 0;
    const rows = group === "files" ? 0 : await removeRows(db, group, horizon, untilMs);
    if (count + rows > 0) log("old_rows_removed", { group, count: count + rows });
  }
}

async function removeRows(
  db: Db,
  group: Exclude<RetentionGroup, "files">,
  horizon: Date,
  untilMs: number,
): Promise<number> {
  let count = 0;
  for (;;) {
    const { removed, hasMore } = await removeOldRows(db, group, horizon);
    count += removed;
    if (!hasMore || Date.now() >= untilMs) return count;
  }
}

/** Each file is one change of the chats that show it. `sweepBucket` deletes their objects. */
async function removeFiles(env: Env, db: Db, horizon: Date, untilMs: number): Promise<number> {
  let count = 0;
  for (;;) {
    const files = await oldFiles(db, horizon, BATCH_FILES);
    for (const { id, state, attempts } of files) {
      const change = { state: "expired", problem: RETENTION_PROBLEM, attempts } as const;
      const committed = await settleFile(db, id, { expected: [state], attempts }, change);
      if (committed) await undeliveredAfter(publish(env, committed), PUBLISH_CAP_MS);
      await passFiles(db, id);
      count += 1;
      if (Date.now() >= untilMs) return count;
    }
    if (files.length < BATCH_FILES) return count;
  }
}
