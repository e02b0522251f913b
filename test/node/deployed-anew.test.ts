import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { bundleWorker } from "../../src/local/worker-bundle.ts";
import { finalState } from "../support/final-state.ts";
import { type BreakableWorker, breakableWorker } from "./breakable-worker.ts";
import { aTextBody, copyBuilt, type OwnDatabase, ownDatabase, together } from "./own-system.ts";

const ROOT = join(import.meta.dirname, "../..");
const NOON_S = Date.parse("2026-05-01T12:00:00Z") / 1000;
/** Enough customers for every shard to have some. */
const CUSTOMERS = 40;

describe("another version of the Worker", () => {
  let database: OwnDatabase;
  let checkout: string;
  let worker: BreakableWorker;
  let isChanged = false;
  let posted = 0;

  beforeAll(async () => {
    database = await ownDatabase();
    checkout = await aCheckout();
    worker = await breakableWorker(database.databaseUrl, {
      configPath: join(checkout, "wrangler.toml"),
      // From unchanged sources comes what other tests have built, too.
      build: (configPath, outDir, define) =>
        isChanged ? bundleWorker(configPath, outDir, define) : copyBuilt(outDir, define),
    });
  }, 120_000);

  afterAll(async () => {
    await worker?.close();
    await database?.drop();
    if (checkout) await rm(checkout, { recursive: true, force: true });
  });

  function aBody(customers = CUSTOMERS): string {
    const texts = Array.from({ length: customers }, () => {
      posted += 1;
      return aTextBody(`7916400${String(posted).padStart(4, "0")}`, `wamid.${posted}`, NOON_S + posted);
    });
    return together(texts);
  }

  /** Changes a file of the checkout, and deploys that over the same storage; gives what deploys the version before again. */
  async function deploy(path: string, from: string, to: string): Promise<() => Promise<void>> {
    const file = join(checkout, path);
    const text = await readFile(file, "utf8");
    if (text.split(from).length !== 2) throw new Error(`${path} does not say "${from}" once`);
    const put = async (changed: string) => {
      await writeFile(file, changed);
      isChanged = path.startsWith("src/") && changed !== text;
      await worker.reload();
    };
    await put(text.replace(from, to));
    return () => put(text);
  }

  async function whole() {
    const { state, faults } = await finalState(database.db, 1);
    const heads = await database.query(`select from "Chat" where head <> 1`);
    return { messages: state.messages.length, faults, heads };
  }

  /** How much waits, as it is shown to those who look whether all is well; Postgres is not asked for that. */
  async function waits(): Promise<number> {
    const { checks } = (await (await fetch(worker.url.replace("/api/waba", "/readyz"))).json()) as {
      checks: { spool: { depth: number } };
    };
    return checks.spool.depth;
  }

  it("P5: that writes fields others do not know, and leaves out optional ones, is understood by them", async ({
    expect,
  }) => {
    const goBack = await deploy(
      "src/http/receive-webhook.ts",
      "{ ...dated, receivedAt }",
      "{ ...dated, laterField: receivedAt }",
    );
    // Live, and in the spool, by the version that writes so.
    await worker.deliver(aBody());
    await expect.poll(worker.spooled).toBe(0);
    worker.database("unavailable");
    expect(await worker.post(aBody())).toBe(200);
    await goBack();
    await expect.poll(waits).toBe(CUSTOMERS);

    worker.database("forward");
    await expect.poll(() => worker.spooled()).toBe(0);
    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
  });

  it("I15: that comes amid a commit has its messages stored once when they come again", async ({
    expect,
  }) => {
    const body = aBody(1);
    const session = await database.session();
    await session.query(`begin; lock table "Message" in share mode`);
    const waiting = async () => (await database.waiting()).length;
    const commit = worker.holdAt("worker.afterIntake");
    const response = worker.post(body);
    await expect.poll(waiting).toBeGreaterThan(0);
    await worker.reload();
    commit.open();
    expect(await response).toBe(0);
    await session.query("rollback");
    await session.end();

    await worker.deliver(body);
    await expect.poll(() => worker.spooled()).toBe(0);
    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
  });

  it("I14: with fewer shards shows and empties the spools of all that there were", async ({ expect }) => {
    worker.database("unavailable");
    expect(await worker.post(aBody())).toBe(200);
    const goBack = await deploy("src/intake/submit.ts", "{ min: MIN_SHARDS,", "{ min: 1,");
    await expect.poll(waits).toBe(CUSTOMERS);
    expect(await worker.post(aBody())).toBe(200);

    worker.database("forward");
    await expect.poll(() => worker.spooled()).toBe(0);
    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
    await goBack();
  });

  it("I24: of a new generation of objects shows and empties the spools of the one before", async ({
    expect,
  }) => {
    worker.database("unavailable");
    expect(await worker.post(aBody())).toBe(200);
    const generation = (value: number) => `PLACEMENT_GENERATION = "${value}"`;
    await deploy("wrangler.toml", generation(0), generation(1));
    await expect.poll(waits).toBe(CUSTOMERS);
    expect(await worker.post(aBody())).toBe(200);
    await expect.poll(waits).toBe(2 * CUSTOMERS);

    worker.database("forward");
    await expect.poll(() => worker.spooled()).toBe(0);
    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
    const used = async () => {
      const { spool } = (await (await worker.admin.get("/metrics")).json()) as { spool: Commits[] | null };
      const generations = spool
        ?.filter(({ commits }) => commits.events > 0)
        .map(({ generation }) => generation);
      return [...new Set(generations)];
    };
    await expect.poll(used).toEqual([0, 1]);
  });
});

type Commits = { generation: number; commits: { events: number } };

/** The sources of the Worker, in a folder where they may be changed. */
async function aCheckout(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "waba-checkout-"));
  for (const path of ["src", "drizzle/meta", "wrangler.toml", "tsconfig.json", "package.json"]) {
    await cp(join(ROOT, path), join(dir, path), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(dir, "node_modules"));
  return dir;
}
