import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MachineFacts } from "./measure/machine.ts";
import { SCRATCH } from "./settings.ts";
import type { Figure } from "./workload.ts";

/** The result of one run of the benchmark. */
export type Run = {
  startedAt: string;
  quick: boolean;
  machine: MachineFacts;
  figures: (Figure & { workload: string })[];
};

/** Saves the raw numbers and returns the file's path. */
export async function saveRun(run: Run): Promise<string> {
  const path = join(SCRATCH, `${run.startedAt.replaceAll(":", "-")}.json`);
  await mkdir(SCRATCH, { recursive: true });
  await writeFile(path, JSON.stringify(run, null, 2));
  return path;
}
