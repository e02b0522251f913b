import { setTimeout as sleep } from "node:timers/promises";
import { anEvent } from "./events.ts";
import { baseDifferences } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { startRun } from "./start-run.ts";
import type { System } from "./system.ts";

const POST_EVERY_MS = 15;
const LIFETIME_MS = { min: 50, max: 1_000 };
const SETTLE_TIMEOUT_MS = 120_000;
const OTHERS = ["nothing", "endpoint", "postgres", "disk"] as const;

/**
 * Kills workerd again and again during traffic, each time with something else: the endpoint, Postgres, or the disk of the spool.
 * Postgres is sometimes available and sometimes not.
 */
export async function kills(system: System, random: Chance, count: number): Promise<Report> {
  const { deliveries, testChats, admin } = await startRun(system);
  const counts = new Map<string, number>();
  const others = {
    nothing: async () => undefined,
    endpoint: () => system.killEndpoint(),
    postgres: () => system.killPostgres(),
    disk: async () => {
      const release = await system.lockSpools();
      await sleep(random.between(LIFETIME_MS.min, LIFETIME_MS.max));
      release();
    },
  };
  let isOn = true;
  const traffic = (async () => {
    for (; isOn; await sleep(POST_EVERY_MS))
      void deliveries.deliver([anEvent(random.pick(testChats), random)]);
  })();
  for (let killed = 0; killed < count; killed += 1) {
    // In every second lifetime events go into the spool.
    system.proxy.set(killed % 2 === 0 ? "forward" : random.pick(["unavailable", "dropAnswer"]));
    await sleep(random.between(LIFETIME_MS.min, LIFETIME_MS.max));
    const other = random.pick(OTHERS);
    counts.set(other, (counts.get(other) ?? 0) + 1);
    await Promise.all([system.killWorker(), others[other]()]);
  }
  system.proxy.set("forward");
  isOn = false;
  await traffic;
  const settled = await settle(system, deliveries, admin, SETTLE_TIMEOUT_MS);
  return {
    ...summary(system, deliveries, settled),
    kills: count,
    together: Object.fromEntries(counts),
    differences: await baseDifferences(system, deliveries, settled),
  };
}
