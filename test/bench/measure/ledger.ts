import { setTimeout as sleep } from "node:timers/promises";
import type { Webhook } from "../load/webhooks.ts";
import { runSql } from "../systems/database.ts";
import type { System } from "../systems/system.ts";

const SETTLE_TIMEOUT_MS = 60_000;
/** After this time without a new row, no more are expected. */
const STALLED_MS = 8_000;
const POLL_MS = 50;

export type Ledger = {
  /** Acknowledged messages without a row. */
  missing: number;
  /** Messages with more than one row. */
  doubled: number;
  /** The time from the end of the load to the last row; 0 when the first poll found all rows. */
  settledAfterMs: number;
};

/**
 * Compares the acknowledged webhooks with the rows of "Message". Waits up to a minute for rows that are still in a spool. All
 * wamids of a batch start with its prefix.
 */
export async function checkLedger(system: System, prefix: string, acknowledged: Webhook[]): Promise<Ledger> {
  const startedAtMs = performance.now();
  let grewAtMs = startedAtMs;
  for (let polls = 1, missingBefore = Number.POSITIVE_INFINITY; ; polls++) {
    const counts = await storedWamids(system, prefix);
    const missing = acknowledged.filter(({ wamid }) => !counts.has(wamid)).length;
    const doubled = [...counts.values()].filter((count) => count > 1).length;
    const nowMs = performance.now();
    if (missing < missingBefore) grewAtMs = nowMs;
    missingBefore = missing;
    if (missing === 0 || nowMs - grewAtMs > STALLED_MS || nowMs - startedAtMs > SETTLE_TIMEOUT_MS) {
      return { missing, doubled, settledAfterMs: polls === 1 ? 0 : grewAtMs - startedAtMs };
    }
    await sleep(POLL_MS);
  }
}

async function storedWamids({ databaseUrl }: System, prefix: string): Promise<Map<string, number>> {
  const rows = await runSql<{ wamid: string; count: number }>(
    databaseUrl,
    `select wamid, count(*)::int as count from "Message" where starts_with(wamid, $1) group by wamid`,
    [prefix],
  );
  return new Map(rows.map(({ wamid, count }) => [wamid, count]));
}
