import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machineFacts } from "./measure/machine.ts";
import { SCRATCH } from "./settings.ts";
import { tableOf } from "./table.ts";
import type { Figure, Workload } from "./workload.ts";
import { fanOut } from "./workloads/fan-out.ts";
import { latency } from "./workloads/latency.ts";
import { limits } from "./workloads/limits.ts";
import { memory } from "./workloads/memory.ts";
import { reads } from "./workloads/reads.ts";
import { sends } from "./workloads/sends.ts";
import { webhooks } from "./workloads/webhooks.ts";

const WORKLOADS: Workload[] = [webhooks, latency, fanOut, reads, sends, memory, limits];

/** Takes a while, so only when named. */
const ONLY_WHEN_NAMED = ["memory"];

export type Run = {
  startedAt: string;
  quick: boolean;
  machine: Awaited<ReturnType<typeof machineFacts>>;
  figures: (Figure & { workload: string })[];
};

await main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/** `npm run bench -- [workload …] [--quick] [--write-docs]` */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      "write-docs": { type: "boolean", default: false },
    },
  });
  endOnSignals();
  const startedAt = new Date().toISOString();
  const run: Run = { startedAt, quick: values.quick, machine: await machineFacts(), figures: [] };
  for (const { name, about, run: measure } of chosen(positionals)) {
    const startedAtMs = performance.now();
    console.log(`${name}: ${about}`);
    try {
      const figures = await measure({ quick: values.quick, log: console.log });
      run.figures.push(...figures.map((figure) => ({ workload: name, ...figure })));
    } catch (error) {
      // The others are measured all the same.
      console.error(error);
      process.exitCode = 1;
    }
    console.log(`  took ${Math.round((performance.now() - startedAtMs) / 1000)} s`);
  }
  console.log(`\n${tableOf(run.figures)}\n`);
  console.log(`The raw numbers are in ${await save(run)}`);
}

function chosen(names: string[]): Workload[] {
  const unknown = names.filter((name) => !WORKLOADS.some((workload) => workload.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `No workload ${unknown.join(", ")}. There are: ${WORKLOADS.map(({ name }) => name).join(", ")}.`,
    );
  }
  if (names.length === 0) return WORKLOADS.filter(({ name }) => !ONLY_WHEN_NAMED.includes(name));
  return WORKLOADS.filter(({ name }) => names.includes(name));
}

async function save(run: Run): Promise<string> {
  const path = join(SCRATCH, `${run.startedAt.replaceAll(":", "-")}.json`);
  await mkdir(SCRATCH, { recursive: true });
  await writeFile(path, JSON.stringify(run, null, 2));
  return path;
}

/** What was started ends with this process: each part of the system listens for its exit. */
function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
}
