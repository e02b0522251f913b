import { afterAll, beforeAll, describe, it } from "vitest";
import { graphVersions } from "../../src/whatsapp/graph-versions.ts";
import { type BreakableWorker, breakableWorker } from "./breakable-worker.ts";
import { type OwnDatabase, ownDatabase } from "./own-system.ts";

const DAY_MS = 24 * 60 * 60_000;
const [VERSION, NEXT] = ["v25.0", "v26.0"] as const;
const ENDS_MS = Date.parse(`${graphVersions[VERSION]}T00:00:00Z`);

describe("the version of Graph that a number is called with", () => {
  let database: OwnDatabase;
  let worker: BreakableWorker;

  beforeAll(async () => {
    database = await ownDatabase();
    await database.query(`update "OrganizationPhone" set "wabaApiVersion" = '${VERSION}'`);
    worker = await breakableWorker(database.databaseUrl);
  }, 120_000);
  afterAll(async () => {
    await worker?.close();
    await database?.drop();
  });

  type Alarm = { severity: string; title: string; clearedAt: string | null };

  /** Fires the schedule of the running Worker on the day, and gives the alarm that is on then. */
  async function alarmOn(days: number): Promise<[string, string] | null> {
    await worker.minute(new Date(ENDS_MS + days * DAY_MS));
    const answer = await worker.admin.get("/notices?limit=100");
    const { data } = (await answer.json()) as { data: Alarm[] };
    const on = data.find(({ title, clearedAt }) => title.includes("uses Graph") && clearedAt === null);
    return on ? [on.severity, on.title] : null;
  }

  it("raises an alarm when it ends soon, another once it has ended, and none after a newer one is set", async ({
    expect,
  }) => {
    expect(await alarmOn(-100)).toBeNull();
    expect(await alarmOn(-89)).toEqual([
      "warning",
      `Number "Ours" uses Graph v25.0, which ends on 2028-07-29: set a newer wabaApiVersion.`,
    ]);
    expect(await alarmOn(1)).toEqual([
      "critical",
      `Number "Ours" uses Graph v25.0, which has ended on 2028-07-29: set a newer wabaApiVersion.`,
    ]);
    await database.query(`update "OrganizationPhone" set "wabaApiVersion" = '${NEXT}'`);
    expect(await alarmOn(2)).toBeNull();
  });
});
