import { applicationCalls } from "./application-calls.ts";
import { withCluster } from "./cluster.ts";
import { hardenGround } from "./hard-ground.ts";
import { observedDb } from "./observed-db.ts";
import { faultsOf, pagesOf } from "./plan-reading.ts";
import type { Seeded } from "./seed-shape.ts";

export type Checked = { call: string; rows: number; pages: number; faults: string[] };

/** Makes every call of the application once, and says what is wrong with how the database carried it out. */
export async function checkPlans(
  seeded: Seeded,
  url: string,
  options: { generic?: boolean } = {},
): Promise<Checked[]> {
  const observed = await observedDb(url, options);
  try {
    const checked: Checked[] = [];
    for (const { name, run, allows } of await applicationCalls(seeded, url)) {
      const { result: rows, statements } = await observed.observe(run);
      const last = statements.at(-1);
      if (!last) throw new Error(`no statement was seen: ${name}`);
      checked.push({
        call: name,
        rows,
        pages: pagesOf(last.plan),
        faults: faultsOf(statements, { rows, ...allows }),
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
    await hardenGround(seeded, url);
    const checked = await checkPlans(seeded, url);
    for (const { call, rows, pages, faults } of checked) {
      console.log(`${faults.length === 0 ? "ok  " : "FAIL"} ${call}: ${rows} rows, ${pages} pages`);
      for (const fault of faults) console.log(`       ${fault}`);
    }
    if (checked.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
  });
}
