import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, it } from "vitest";
import { deliverAlarms } from "../../src/alarms/deliver-alarms.ts";
import { type Observation, reconcileAlarms } from "../../src/db/alarms.ts";
import { blocksOf } from "./markdown.ts";
import { type OwnDatabase, ownDatabase } from "./own-system.ts";

const KEY = randomBytes(32);
const SECRET = `whsec_${KEY.toString("base64")}`;
const START_MS = Date.parse("2026-11-28T12:00:00Z");
const minute = (minutes: number) => new Date(START_MS + minutes * 60_000);

type Received = { id: string; type: string; data: Record<string, unknown>; isSigned: boolean };

/** The example of the page for receivers. */
const page = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
const [example] = blocksOf(page).filter(({ language }) => language === "js");
const genuine: { isGenuine: (headers: object, body: string, secret: string) => boolean } = await import(
  `data:text/javascript,${encodeURIComponent(example?.code ?? "")}`
);

let database: OwnDatabase;
const received: Received[] = [];
/** What the receiver answers next; 204 once it is empty. */
const answers: { status: number; location?: string }[] = [];
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const header = (name: string) => String(request.headers[`webhook-${name}`]);
  const signed = `${header("id")}.${header("timestamp")}.${body}`;
  const expected = `v1,${createHmac("sha256", KEY).update(signed).digest("base64")}`;
  const { type, data } = JSON.parse(body);
  const isRecent = Math.abs(Date.now() / 1000 - Number(header("timestamp"))) < 300;
  const isSigned = isRecent && header("signature").split(" ").includes(expected);
  const isGenuineByPage = (body: string) => genuine.isGenuine(request.headers, body, SECRET);
  const isAsThePageSays = isGenuineByPage(body) && !isGenuineByPage(`${body} `);
  received.push({ id: header("id"), type, data, isSigned: isSigned && isAsThePageSays });
  const { status, location } = answers.shift() ?? { status: 204 };
  response.writeHead(status, location ? { location } : {}).end();
});
let url = "";

beforeAll(async () => {
  database = await ownDatabase();
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  receiver.close();
  await database.drop();
});

const settings = (path = "/") => ({
  alarms: { url: `${url}${path}`, secrets: [SECRET] },
  isLocalMode: true,
});

const observe = (alarm: string, code: string | null, at: Date): Observation => ({
  ...{ organizationId: 1, organizationPhoneId: 1, wabaId: null, alarm, observedAt: at.toISOString() },
  wrong:
    code === null
      ? null
      : {
          ...{ code, kind: "numberCheck", severity: "critical", title: `${alarm} is ${code}` },
          ...{ detail: {}, happenedAt: at.toISOString() },
        },
});

const taken = () =>
  received.splice(0).map(({ id, type, isSigned, data }) => ({
    id,
    type,
    isSigned,
    code: (data.detail as { code: string }).code,
  }));

describe("the delivery of alarms", () => {
  it("is signed, once when an alarm is raised and once when it is cleared", async ({ expect }) => {
    await reconcileAlarms(database.db, [observe("phone:1:C02", "token_invalid", minute(0))]);
    await deliverAlarms(database.db, settings(), minute(0));
    await reconcileAlarms(database.db, [observe("phone:1:C02", "token_invalid", minute(1))]);
    await Promise.all([1, 1, 2].map((at) => deliverAlarms(database.db, settings(), minute(at))));

    const [raised] = received;
    expect(raised?.data).toMatchObject({
      organizationId: 1,
      severity: "critical",
      alarm: "phone:1:C02",
      clearedAt: null,
    });
    const [first, ...more] = taken();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ type: "alarm.raised", isSigned: true, code: "token_invalid" });
    expect(first?.id).toMatch(/^[^.]+-raised$/);

    await reconcileAlarms(database.db, [observe("phone:1:C02", null, minute(3))]);
    for (const at of [3, 4, 5]) await deliverAlarms(database.db, settings(), minute(at));
    expect(received[0]?.data.clearedAt).toBe(minute(3).toISOString());
    expect(taken()).toMatchObject([{ type: "alarm.cleared", isSigned: true }]);
  });

  it("is repeated under the same id, later each time, and in order", async ({ expect }) => {
    answers.push({ status: 500 }, { status: 302, location: `${url}/elsewhere` });
    await reconcileAlarms(database.db, [observe("phone:1:C12", "app_not_subscribed", minute(10))]);
    await deliverAlarms(database.db, settings(), minute(10));
    await reconcileAlarms(database.db, [observe("phone:1:C12", null, minute(11))]);
    await deliverAlarms(database.db, settings(), minute(11));
    for (const at of [12, 15]) await deliverAlarms(database.db, settings(), minute(at));
    expect(received.map(({ type }) => type)).toEqual(["alarm.raised", "alarm.raised"]);
    await deliverAlarms(database.db, settings(), minute(16));
    await deliverAlarms(database.db, settings(), minute(17));
    const attempts = taken();
    expect(attempts.map(({ type }) => type)).toEqual([...Array(3).fill("alarm.raised"), "alarm.cleared"]);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(2);
  });

  it("is given up where the receiver is gone, and never goes to a private address outside local mode", async ({
    expect,
  }) => {
    answers.push({ status: 410 });
    await reconcileAlarms(database.db, [observe("phone:1:C07", "health_blocked", minute(20))]);
    await deliverAlarms(database.db, { ...settings(), isLocalMode: false }, minute(20));
    expect(taken()).toEqual([]);
    for (const at of [21, 22, 60]) await deliverAlarms(database.db, settings(), minute(at));
    expect(taken()).toHaveLength(1);
  });
});
