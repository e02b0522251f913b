import type { Deliveries } from "./deliveries.ts";
import type { Settled } from "./settle.ts";
import type { System } from "./system.ts";

/** What a run has shown; without differences it was good. */
export type Report = { differences: string[] } & Record<string, unknown>;

const SHOWN_DIFFERENCES = 10;

export function summary(system: System, deliveries: Deliveries, settled: Settled) {
  const { acknowledged, generated, latencies, refused } = deliveries;
  return {
    events: { generated: generated.size, acknowledged: acknowledged.size },
    posts: { acknowledged: latencies.length, notAtOnce: Object.fromEntries(refused) },
    acknowledgementMs: {
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      worst: percentile(latencies, 1),
    },
    endpointCalls: system.proxy.met,
    settledAfterSeconds: settled.seconds,
    log: Object.fromEntries(system.logged),
  };
}

/** Prints a report, the first differences last. */
export function print({ differences, ...figures }: Report): void {
  for (const [name, figure] of Object.entries(figures)) console.log(`${name}: ${JSON.stringify(figure)}`);
  console.log(`differences: ${differences.length}`);
  for (const difference of differences.slice(0, SHOWN_DIFFERENCES)) console.log(`  ${difference}`);
}

function percentile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
}
