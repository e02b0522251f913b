import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Run } from "../run.ts";
import { ROOT } from "../settings.ts";
import type { Workload } from "../workload.ts";
import { pageOf } from "./page.ts";
import { plotsOf } from "./plots.ts";

/** Regenerates docs/performance.md, formatted as the checks want it, and its plots. */
export async function writePage(run: Run, workloads: Workload[]): Promise<void> {
  const folder = join(ROOT, "docs/performance");
  const plots = plotsOf(run.figures);
  await mkdir(folder, { recursive: true });
  for (const { file, svg } of plots) await writeFile(join(folder, file), svg);
  const page = join(ROOT, "docs/performance.md");
  await writeFile(page, pageOf(run, workloads, plots));
  await promisify(execFile)(join(ROOT, "node_modules/.bin/biome"), ["format", "--write", page], {
    cwd: ROOT,
  });
}
