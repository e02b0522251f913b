import type { Deliveries } from "./deliveries.ts";
import { quantile } from "./latencies.ts";
import type { Settled } from "./settle.ts";
import type { System } from "./system.ts";

/** The result of a run. It passed if there are no differences. */
export type Report = { differences: string[] } & Record<string, unknown>;

const MAX_PRINTED_DIFFERENCES = 10;

export function summary(system: System, deliveries: Deliveries, settled: Settled) {
  const { acknowledged, generated, latenciesMs, refused } = deliveries;
  return {
    events: { generated: generated.size, acknowledged: acknowledged.size },
    posts: { acknowledged: latenciesMs.length, otherStatuses: Object.fromEntries(refused) },
    acknowledgementMs: {
      p50: quantile(latenciesMs, 0.5),
      p99: quantile(latenciesMs, 0.99),
      max: quantile(latenciesMs, 1),
    },
    endpointCalls: system.proxy.callsByMode,
    settledAfterSeconds: settled.seconds,
    log: Object.fromEntries(system.logCounts),
  };
}

/** Prints the figures, then the first differences. */
export function printReport({ differences, ...figures }: Report): void {
  for (const [name, figure] of Object.entries(figures)) console.log(`${name}: ${JSON.stringify(figure)}`);
  console.log(`differences: ${differences.length}`);
  for (const difference of differences.slice(0, MAX_PRINTED_DIFFERENCES)) console.log(`  ${difference}`);
}

export function countBy<Item>(items: Item[], keyOf: (item: Item) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(items, keyOf)].map(([key, group]) => [key, group.length]));
}
