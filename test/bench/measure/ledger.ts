import { setTimeout as sleep } from "node:timers/promises";
import type { Webhook } from "../load/webhooks.ts";
import { runSql } from "../systems/database.ts";
import type { System } from "../systems/system.ts";

const SETTLE_LIMIT_MS = 60_000;
/** When no further row comes for so long, none is on its way. */
const STANDSTILL_MS = 8_000;
const POLL_MS = 50;

export type Ledger = {
  /** Acknowledged, and no row. */
  missing: number;
  /** More rows than one of the same message. */
  doubled: number;
  /** When the last row had come, since the end of the load; 0 when the first look found all of them. */
  settledAfterMs: number;
};

/**
 * Compares what was acknowledged with the rows of "Message"; waits, a minute at most, for those that are on their way from a spool.
 * Every webhook of a run has a wamid that begins with the run's prefix.
 */
export async function checkLedger(system: System, prefix: string, acknowledged: Webhook[]): Promise<Ledger> {
  const startedAtMs = performance.now();
  let grewAtMs = startedAtMs;
  for (let looks = 1, before = Number.POSITIVE_INFINITY; ; looks++) {
    const counts = await storedWamids(system, prefix);
    const missing = acknowledged.filter(({ wamid }) => !counts.has(wamid)).length;
    const doubled = [...counts.values()].filter((count) => count > 1).length;
    const nowMs = performance.now();
    if (missing < before) grewAtMs = nowMs;
    before = missing;
    if (missing === 0 || nowMs - grewAtMs > STANDSTILL_MS || nowMs - startedAtMs > SETTLE_LIMIT_MS) {
      return { missing, doubled, settledAfterMs: looks === 1 ? 0 : grewAtMs - startedAtMs };
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
