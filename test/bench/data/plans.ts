import { applicationCalls } from "./application-calls.ts";
import { withCluster } from "./cluster.ts";
import { addHardCases } from "./hard-cases.ts";
import { observedDb } from "./observed-db.ts";
import { findPlanProblems, pagesOf } from "./plan-problems.ts";
import type { Seeded } from "./seed-shape.ts";

export type CheckedCall = { call: string; rows: number; pages: number; problems: string[] };

/** Runs every call of the application once and checks its plans. */
export async function checkPlans(
  seeded: Seeded,
  url: string,
  { generic = false, analysed = !generic }: { generic?: boolean; analysed?: boolean } = {},
): Promise<CheckedCall[]> {
  const observed = await observedDb(url, { generic });
  try {
    const checked: CheckedCall[] = [];
    for (const { name, run, allows } of await applicationCalls(seeded, url)) {
      if (allows.onlyAnalysed && !analysed) continue;
      const { result: rows, statements } = await observed.observe(run);
      const last = statements.at(-1);
      if (!last) throw new Error(`no statement was executed: ${name}`);
      checked.push({
        call: name,
        rows,
        pages: pagesOf(last.plan),
        problems: findPlanProblems(statements, { rows, ...allows }),
      });
    }
    return checked;
  } finally {
    await observed.close();
  }
}

if (import.meta.main) {
  const messages = Number(process.argv[2] ?? 1_000_000);
  await withCluster(async ({ filled }) => {
    const { url, ...seeded } = await filled("plans", messages);
    await addHardCases(seeded, url, { vacuum: true });
    const checked = await checkPlans(seeded, url);
    for (const { call, rows, pages, problems } of checked) {
      console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${call}: ${rows} rows, ${pages} pages`);
      for (const problem of problems) console.log(`       ${problem}`);
    }
    if (checked.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
  });
}
