import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../run.ts";
import { ROOT } from "../settings.ts";
import type { Workload } from "../workload.ts";
import { pageOf } from "./page.ts";
import { plotsOf } from "./plots.ts";

/** Regenerates docs/performance.md and its plots. */
export async function writePage(run: Run, workloads: Workload[]): Promise<void> {
  const folder = join(ROOT, "docs/performance");
  const plots = plotsOf(run.figures);
  await mkdir(folder, { recursive: true });
  for (const { file, svg } of plots) await writeFile(join(folder, file), svg);
  await writeFile(join(ROOT, "docs/performance.md"), pageOf(run, workloads, plots));
}
