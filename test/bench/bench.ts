import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { batch } from "./data/batch.ts";
import { growth } from "./data/growth.ts";
import { descendantsOf } from "./measure/cpu.ts";
import { machineFacts } from "./measure/machine.ts";
import { writePage } from "./page/write.ts";
import { type Run, saveRun } from "./run.ts";
import { tableOf } from "./table.ts";
import type { Workload } from "./workload.ts";
import { fanOut } from "./workloads/fan-out.ts";
import { inbox } from "./workloads/inbox.ts";
import { latency } from "./workloads/latency.ts";
import { limits } from "./workloads/limits.ts";
import { memory } from "./workloads/memory.ts";
import { reads } from "./workloads/reads.ts";
import { sends } from "./workloads/sends.ts";
import { webhooks } from "./workloads/webhooks.ts";

const WORKLOADS: Workload[] = [webhooks, batch, latency, fanOut, reads, growth, sends, inbox, limits, memory];
/** Too slow for a regular run. */
const ONLY_WHEN_NAMED = [memory];

await main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/**
 * `npm run bench -- [workload …] [--quick] [--write-docs] [--from dist/bench/….json]`
 *
 * Measures all workloads or the named ones, prints the table and saves the raw numbers. `--write-docs` also writes
 * docs/performance.md. `--from` reads an earlier run's numbers instead of measuring; with workloads it measures these anew and takes
 * the others from there.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      "write-docs": { type: "boolean", default: false },
      from: { type: "string" },
    },
  });
  stopOnSignals();
  const earlier = values.from === undefined ? null : (JSON.parse(await readFile(values.from, "utf8")) as Run);
  if (earlier && positionals.length > 0 && earlier.quick !== values.quick)
    throw new Error("Only one of the two runs is quick.");
  const isMeasured = earlier === null || positionals.length > 0;
  const later = isMeasured ? await measure(selectWorkloads(positionals), values.quick) : null;
  const run = merged(earlier, later);
  console.log(`\n${tableOf(run.figures)}\n`);
  if (later) console.log(`Saved the raw numbers in ${await saveRun(run)}`);
  if (values["write-docs"]) await writePage(run, WORKLOADS);
}

/** The later run, with the figures of the earlier one for workloads that it did not measure. */
function merged(earlier: Run | null, later: Run | null): Run {
  const run = later ?? earlier;
  if (!run) throw new Error("Nothing was measured.");
  const measured = new Set(run.figures.map(({ workload }) => workload));
  const figures = WORKLOADS.flatMap(({ name }) =>
    ((measured.has(name) ? run : earlier)?.figures ?? []).filter(({ workload }) => workload === name),
  );
  return { ...run, figures };
}

async function measure(workloads: Workload[], quick: boolean): Promise<Run> {
  const run: Run = { startedAt: new Date().toISOString(), quick, machine: await machineFacts(), figures: [] };
  for (const workload of workloads) {
    const { name, about } = workload;
    const startedAtMs = performance.now();
    console.log(`${name}: ${about}`);
    try {
      const figures = await workload.run({ quick, log: console.log });
      run.figures.push(...figures.map((figure) => ({ workload: name, ...figure })));
    } catch (error) {
      // Continue with the other workloads.
      console.error(error);
      process.exitCode = 1;
    }
    console.log(`  took ${Math.round((performance.now() - startedAtMs) / 1000)} s`);
  }
  return run;
}

function selectWorkloads(names: string[]): Workload[] {
  const known = WORKLOADS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`Unknown workload: ${unknown.join(", ")}. Choose from ${known.join(", ")}.`);
  return WORKLOADS.filter((workload) =>
    names.length === 0 ? !ONLY_WHEN_NAMED.includes(workload) : names.includes(workload.name),
  );
}

/** Long-running children exit with this process, but a step in progress, such as initdb, would run to its end. */
function stopOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stopDescendants().finally(() => process.exit(130)));
  }
}

async function stopDescendants(): Promise<void> {
  for (const pid of await descendantsOf(process.pid)) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // The process has exited in the meantime.
    }
  }
}
