import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { ingest } from "../../../src/db/ingest.ts";
import { type Outcome, replay } from "../../../src/local/cli/replay.ts";
import { flatten } from "../../../src/whatsapp/flatten.ts";
import { anAgent } from "../../chaos/agents.ts";
import { spoolDepth } from "../../chaos/settle.ts";
import {
  aTextBody,
  type OwnDatabase,
  ownDatabase,
  PHONE_NUMBER_ID,
  realWorker,
} from "../../node/own-system.ts";
import { APP_SECRET } from "../../support/bindings.ts";

const COMMAND = join(import.meta.dirname, "../../../src/local/cli/replay.ts");
const UNKNOWN_NUMBER = "200000000009999";
const CUSTOMERS = ["79160000001", "79160000002", "79160000003"];

let system: OwnDatabase;
let worker: Awaited<ReturnType<typeof realWorker>>;
let url: string;

beforeAll(async () => {
  system = await ownDatabase();
  worker = await realWorker(system.databaseUrl);
  url = worker.url.replace("/api/waba", "");
}, 60_000);

afterAll(async () => {
  await worker.close();
  await system.drop();
});

/** Stores texts of a phone that has no row yet, then adds the row. Returns the events' ids. */
async function storedAndAdded(phoneNumberId: string, day: string): Promise<number[]> {
  for (const [i, from] of CUSTOMERS.entries()) {
    const text = aTextBody(from, `wamid.${phoneNumberId}.${i}`, 1_795_000_000 + i);
    const body = text.replace(PHONE_NUMBER_ID, phoneNumberId);
    await ingest(system.db, flatten(new TextEncoder().encode(body)));
  }
  const rows = await system.query(
    `update "WebhookEvent" set "receivedAt" = '${day}T23:59:59Z' where "phoneNumberId" = '${phoneNumberId}' returning id`,
  );
  await system.query(
    `insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId")
     values (1, 'Added', '79001234568', '${phoneNumberId}')`,
  );
  return (rows as { id: number }[]).map(({ id }) => id).sort((a, b) => a - b);
}

const state = () =>
  system.query(`select (select count(*)::int from "Message") messages,
  (select count(*)::int from "ChatEvent") events, (select count(*)::int from "WebhookEvent") kept,
  (select count("appliedAt")::int from "WebhookEvent") applied`);

/** Runs the command in its own Node process. */
async function run(...args: string[]) {
  const variables = { DATABASE_URL: system.databaseUrl, META_APP_SECRET: `${APP_SECRET},older` };
  const node = spawn(process.execPath, [COMMAND, ...args], { env: { ...process.env, ...variables } });
  let [stdout, stderr] = ["", ""];
  node.stdout.on("data", (chunk) => (stdout += chunk));
  node.stderr.on("data", (chunk) => (stderr += chunk));
  const [code] = await once(node, "close");
  return { code, stdout, stderr };
}

describe("the replay command", () => {
  it("replays a whole day of events without an organization, and changes nothing the second time", async ({
    expect,
  }) => {
    const ids = await storedAndAdded(UNKNOWN_NUMBER, "2026-11-20");
    expect(ids).toHaveLength(CUSTOMERS.length);
    const other = await storedAndAdded("200000000009998", "2026-11-21");

    const first = await run("--day", "2026-11-20", "--url", `${url}/`, "--json");

    expect(first).toMatchObject({ code: 0, stderr: "" });
    const outcomes: Outcome[] = JSON.parse(first.stdout);
    expect(outcomes).toEqual(ids.map((id) => ({ id, applied: true })));
    const before = await state();
    expect(before).toEqual([{ messages: 3, events: 3, kept: 6, applied: 3 }]);
    const second = await run("--day", "2026-11-20", "--url", url, "--json");
    expect(JSON.parse(second.stdout)).toEqual(outcomes);
    expect(await state()).toEqual(before);

    const [id = 0] = other;
    expect(await run("--id", String(id), "--url", url)).toEqual({
      code: 0,
      stdout: `Event ${id}: applied.\n`,
      stderr: "",
    });
  });

  it("waits for what the Worker has spooled", async ({ expect }) => {
    const ids = await storedAndAdded("200000000009990", "2026-11-18");
    const admin = await anAgent(worker.url, 1);
    const session = await system.session();
    await session.query(`begin; lock table "Message" in share mode`);
    const replaying = run("--day", "2026-11-18", "--url", url, "--json");
    await expect.poll(() => spoolDepth(admin)).toBe(ids.length);
    await session.query("rollback");
    const { code, stdout } = await replaying;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(ids.map((id) => ({ id, applied: true })));
  });

  it("leaves events that cannot be parsed as they are, and posts nothing", async ({ expect }) => {
    const [row] = await system.query(
      `insert into "WebhookEvent" (reason, raw, hash) values ('not_json', 'no json', 'by hand') returning id`,
    );
    const { id } = row as { id: number };
    const before = await state();
    const dead = "http://127.0.0.1:9";
    expect(await run("--id", String(id), "--url", dead)).toMatchObject({
      code: 0,
      stdout: `Event ${id}: not applied, still stored.\n`,
    });
    expect(await state()).toEqual(before);
  });

  it("fails with exit code 1 when the Worker rejects an event, and continues with the others", async ({
    expect,
  }) => {
    const ids = await storedAndAdded("200000000009997", "2026-11-19");
    const refusing = createServer((_, answer) => answer.writeHead(503).end()).listen(0, "127.0.0.1");
    await once(refusing, "listening");
    const { port } = refusing.address() as AddressInfo;

    const { code, stdout } = await run("--day", "2026-11-19", "--url", `http://127.0.0.1:${port}`);
    refusing.close();

    expect(code).toBe(1);
    expect(stdout).toBe(ids.map((id) => `Event ${id}: failed, the Worker answered 503.\n`).join(""));
  });

  it("fails with exit code 1 for an event that does not exist", async ({ expect }) => {
    expect(await run("--id", "999999999", "--url", url)).toMatchObject({
      code: 1,
      stdout: "Event 999999999: failed, there is no such event.\n",
    });
  });

  it.for([
    ["", "--id or --day"],
    ["--id 1 --day 2026-11-22", "--id or --day"],
    ["--id one", "--id"],
    ["--id 0", "--id"],
    ["--day 2026-02-30", "--day"],
    ["--day yesterday", "--day"],
    ["--id 1 --url nowhere", "--url"],
    ["--id 1 --colour red", "--colour"],
  ])("refuses %j and names %s", async ([args = "", name = ""], { expect }) => {
    const list = args.split(" ").filter((arg) => arg !== "");
    const variables = { DATABASE_URL: system.databaseUrl, META_APP_SECRET: APP_SECRET };
    await expect(replay(list, variables)).rejects.toThrow(name);
  });

  it.for([
    ["DATABASE_URL", { META_APP_SECRET: APP_SECRET }],
    ["META_APP_SECRET", { DATABASE_URL: "postgres://nobody@127.0.0.1:9/none" }],
  ] as const)("names %s where it is missing", async ([name, variables], { expect }) => {
    await expect(replay(["--id", "1"], variables)).rejects.toThrow(name);
  });
});
