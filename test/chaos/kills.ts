import { setTimeout as sleep } from "node:timers/promises";
import { anAgent } from "./agents.ts";
import { startDeliveries } from "./deliveries.ts";
import { anEvent, lines } from "./events.ts";
import { inboundDifferences, numberingDifferences } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { prime } from "./storm.ts";
import type { System } from "./system.ts";

const POST_EVERY_MS = 15;
const LIVES_MS = { least: 50, most: 1_000 };
const SETTLE_LIMIT_MS = 120_000;

/** workerd is killed again and again during traffic, while Postgres is now there and now is not. */
export async function kills(system: System, random: Chance, count: number): Promise<Report> {
  const deliveries = startDeliveries(system.url);
  const all = lines();
  await prime(system, deliveries, all);
  const admin = await anAgent(system.url, 1);
  let isOn = true;
  const traffic = (async () => {
    for (; isOn; await sleep(POST_EVERY_MS)) void deliveries.deliver([anEvent(random.pick(all), random)]);
  })();
  for (let killed = 0; killed < count; killed += 1) {
    // In every second life what arrives goes into the spool, or comes out of it.
    system.proxy.set(killed % 2 === 0 ? "forward" : random.pick(["unavailable", "dropAnswer"]));
    await sleep(random.between(LIVES_MS.least, LIVES_MS.most));
    await system.killWorker();
  }
  system.proxy.set("forward");
  isOn = false;
  await traffic;
  const settled = await settle(system, deliveries, admin, SETTLE_LIMIT_MS);
  return {
    ...summary(system, deliveries, settled),
    kills: count,
    differences: [
      ...settled.unsettled.map((what) => `not settled: ${what}`),
      ...(await inboundDifferences(system, deliveries)),
      ...(await numberingDifferences(system)),
    ],
  };
}
