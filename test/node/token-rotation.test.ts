import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Simulator, startSimulator } from "../../src/local/simulator/simulator.ts";
import {
  adminAuthorization,
  type OwnDatabase,
  ownDatabase,
  PHONE_NUMBER_ID,
  realWorker,
} from "./own-system.ts";

const APP_SECRET = "0123456789abcdef0123456789abcdef";
const tokenOf = (name: string) => `EAA${name}${"x9".repeat(40)}`;
const CUSTOMER = "79160000001";

let database: OwnDatabase;
let simulator: Simulator;
let worker: Awaited<ReturnType<typeof realWorker>>;
let phoneId = 0;
const logged: string[] = [];
const answers: string[] = [];

/** Graph's address for the Worker: passes everything on, and while it is held, sends wait on the way. */
const road = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method === "POST") {
    held?.reached.resolve();
    await held?.released.promise;
  }
  const { authorization, "content-type": type } = request.headers;
  const answer = await fetch(`${simulator.url}${request.url}`, {
    method: request.method ?? "GET",
    headers: { ...(authorization && { authorization }), ...(type && { "content-type": type }) },
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
  response.end(Buffer.from(await answer.arrayBuffer()));
});
let held: { reached: PromiseWithResolvers<void>; released: PromiseWithResolvers<void> } | null = null;

beforeAll(async () => {
  database = await ownDatabase();
  const wabaId = "123456789012345";
  const phones = [
    { id: PHONE_NUMBER_ID, wabaId, displayPhoneNumber: "+7 900 123-45-67", verifiedName: "Ours" },
  ];
  simulator = await startSimulator({ port: 0, appSecret: APP_SECRET, webhookUrl: null, phones });
  await new Promise<void>((resolve) => road.listen(0, "127.0.0.1", resolve));
  const graphUrl = `http://127.0.0.1:${(road.address() as AddressInfo).port}`;
  const vars = { META_APP_SECRET: APP_SECRET, GRAPH_BASE_URL: graphUrl };
  worker = await realWorker(database.databaseUrl, { vars, log: (line) => logged.push(line) });
  simulator.setWebhookUrl(`${worker.url}/webhook`);
  const [row] = (await database.query(`select id from "OrganizationPhone"`)) as { id: number }[];
  phoneId = row?.id ?? 0;
}, 120_000);
afterAll(async () => {
  await worker.close();
  road.close();
  await simulator.close();
  await database.drop();
});

async function simulate(path: string, method: string, body: object): Promise<void> {
  const answer = await fetch(`${simulator.url}/simulator${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
}

const write = (text: string) =>
  simulate(`/customers/${CUSTOMER}/messages`, "POST", { type: "text", text: { body: text } });
const revoke = (token: string) => simulate("/tokens", "PATCH", { token, revoked: true });

/** Asks as an admin, and keeps what the Worker answered. */
async function ask(method: string, path: string, body?: object, key?: string) {
  const answer = await fetch(`${worker.url}${path}`, {
    method,
    headers: {
      authorization: await adminAuthorization(),
      ...(body && { "content-type": "application/json" }),
      ...(key && { "idempotency-key": key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  answers.push(text, JSON.stringify([...answer.headers]));
  return { status: answer.status, body: JSON.parse(text) };
}

const rotate = (token: string) => ask("PATCH", `/phones/${phoneId}`, { wabaAccessToken: token });
const send = (text: string) =>
  ask(
    "POST",
    "/send",
    { organizationPhoneId: phoneId, to: CUSTOMER, type: "text", message: text },
    `rotation-${text.replaceAll(" ", "-")}`,
  );

/** Every row of every table, as text. */
async function everyRow(): Promise<string> {
  const tables = (await database.query(
    `select format('%I.%I', schemaname, tablename) name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )) as { name: string }[];
  const rows = await Promise.all(
    tables.map(
      ({ name }) => database.query(`select t::text as row from ${name} t`) as Promise<{ row: string }[]>,
    ),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join("\n");
}

async function storedToken(): Promise<string> {
  const [row] = (await database.query(`select "wabaAccessToken" token from "OrganizationPhone"`)) as {
    token: string;
  }[];
  return row?.token ?? "";
}

describe("the rotation of a number's token", () => {
  const [first, second, third, dead] = ["first", "second", "third", "dead"].map(tokenOf) as [
    string,
    string,
    string,
    string,
  ];

  it("under traffic loses nothing, sends nothing twice, and leaves nothing of the old one", async ({
    expect,
  }) => {
    expect((await rotate(first)).status).toBe(200);
    await write("in 0");
    const oldSealed = await storedToken();
    const texts = (from: string) => Array.from({ length: 30 }, (_, i) => `${from} ${i + 1}`);
    let done = 0;
    const inbound = (async () => {
      for (const text of texts("in")) await write(text);
    })();
    const outbound = (async () => {
      const statuses: number[] = [];
      for (const text of texts("out")) {
        statuses.push((await send(text)).status);
        done += 1;
      }
      return statuses;
    })();

    while (done < 8) await wait(5);
    await revoke(dead);
    const refused = await rotate(dead);
    expect([refused.status, refused.body.code]).toEqual([422, "checks_failed"]);
    expect(await storedToken()).toBe(oldSealed);
    expect((await rotate(second)).status).toBe(200);
    await revoke(first);
    await inbound;
    expect(new Set(await outbound)).toEqual(new Set([200]));

    const stored = async (fromMe: boolean) =>
      (
        (await database.query(`select body from "Message" where "fromMe" = ${fromMe} order by id`)) as {
          body: string;
        }[]
      ).map(({ body }) => body);
    await expect.poll(() => stored(false)).toHaveLength(31);
    expect((await stored(false)).toSorted()).toEqual(["in 0", ...texts("in")].toSorted());
    expect(await stored(true)).toEqual(texts("out"));
    const seen = await (await fetch(`${simulator.url}/simulator/customers/${CUSTOMER}/messages`)).json();
    const delivered = seen.data.filter(({ from }: { from: string }) => from === "business");
    expect(delivered.map(({ text }: { text: { body: string } }) => text.body)).toEqual(texts("out"));

    const audit = await ask("GET", "/audit");
    expect(audit.body.data.map(({ action }: { action: string }) => action)).toEqual([
      "phone.token_rotated",
      "phone.token_rotated",
    ]);
    await ask("GET", `/phones/${phoneId}`);
    await ask("POST", `/phones/${phoneId}/check`, {});
    const rows = await everyRow();
    expect(rows).toContain("in 30");
    for (const secret of [first, dead, oldSealed, second]) {
      if (secret !== oldSealed) expect(logged.join("\n")).not.toContain(secret);
      expect(rows).not.toContain(secret);
      expect(answers.join("\n")).not.toContain(secret);
    }
    expect(rows).toContain(await storedToken());
  });

  it("reaches a send that had read the old token before it was revoked", async ({ expect }) => {
    const way = { reached: Promise.withResolvers<void>(), released: Promise.withResolvers<void>() };
    held = way;
    const sending = send("in between");
    await way.reached.promise;
    expect((await rotate(third)).status).toBe(200);
    await revoke(second);
    held = null;
    way.released.resolve();
    expect(await sending).toMatchObject({ status: 200, body: { status: "accepted" } });
    const seen = await (await fetch(`${simulator.url}/simulator/customers/${CUSTOMER}/messages`)).json();
    expect(
      seen.data.filter(({ text }: { text: { body: string } }) => text.body === "in between"),
    ).toHaveLength(1);
  });

  it("leaves a send failed whose token is dead and was not replaced", async ({ expect }) => {
    await revoke(third);
    expect(await send("too late")).toMatchObject({ status: 502, body: { meta: { code: 190 } } });
  });
});
