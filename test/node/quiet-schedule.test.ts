import { once } from "node:events";
import { afterAll, beforeAll, describe, it, vi } from "vitest";
import WebSocket from "ws";
import { quietPhones } from "../../src/db/alarms.ts";
import { nextDueAt } from "../../src/db/next-due.ts";
import { minutesBetween } from "../../src/domain/minutes.ts";
import { silenceOf } from "../../src/domain/silence.ts";
import { SUBPROTOCOL } from "../../src/realtime/protocol.ts";
import { type ScriptedProxy, startProxy } from "../chaos/proxy.ts";
import {
  adminAuthorization,
  asAgent,
  aTextBody,
  type OwnDatabase,
  ownDatabase,
  postSigned,
  realWorker,
} from "./own-system.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ALARM = `insert into "Notice" ("organizationId", kind, severity, title, detail, hash, "happenedAt", alarm, "clearedAt")
  values (1, 'silence', 'warning', 'Silent', '{}', 'aa', now(), 'phone:1:silence', CLEARED) returning id`;

/** A future hour, by the clock of the schedule: no call of the Worker's is as late. */
let hour = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 24 * HOUR_MS;
const at = (minute: number) => new Date(hour + minute * MINUTE_MS);

let database: OwnDatabase;
let proxy: ScriptedProxy;
let proxied: string;
let worker: Awaited<ReturnType<typeof realWorker>>;

beforeAll(async () => {
  database = await ownDatabase();
  // Its checks have a turn in the third minute of an hour.
  await database.query('update "OrganizationPhone" set id = 183');
  const address = new URL(database.databaseUrl);
  proxy = await startProxy(`http://${address.host}`);
  address.port = String(proxy.port);
  proxied = address.href;
  worker = await realWorker(proxied);
  await write(worker.url);
  // A first commit may be slow, and then comes by the drain.
  await vi.waitUntil(async () => (await database.query('select from "Message"')).length > 0, {
    timeout: 60_000,
    interval: 50,
  });
  await database.query(`insert into "InboundCursor" (id) values (1);
    insert into "SearchBackfill" ("beforeMessageId") select 0 where not exists (select from "SearchBackfill")`);
}, 120_000);
afterAll(async () => {
  await worker.close();
  await proxy.close();
  await database.drop();
});

const write = (url: string) =>
  postSigned(url, aTextBody("79160000001", "hello", Math.floor(Date.now() / 1000)));

/** Runs the schedule in a minute of the hour. Returns how many calls came to Postgres' endpoint meanwhile. */
async function run(minute: number, of = { worker, hour }): Promise<number> {
  const before = calls();
  const time = String(of.hour + minute * MINUTE_MS);
  const query = new URLSearchParams({ cron: "* * * * *", time });
  const answer = await fetch(`${new URL(of.worker.url).origin}/cdn-cgi/local/scheduled?${query}`);
  if (!answer.ok) throw new Error(`the schedule answered ${answer.status}`);
  return calls() - before;
}

const calls = () => Object.values(proxy.callsByMode).reduce((sum, count) => sum + count);

describe("the schedule of a system that nobody uses", () => {
  it("asks Postgres for the hourly turns alone", async ({ expect }) => {
    expect(await run(5)).toBeGreaterThan(0);
    const asked: number[] = [];
    for (let minute = 6; minute < 66; minute += 1) if ((await run(minute)) > 0) asked.push(minute);
    expect(asked).toEqual([11, 60, 63]);
  });

  it.for([
    ["a webhook", write],
    ["a REST call", async (url: string) => (await asAgent(url))("/chats")],
    [
      "an open page",
      async (url: string) => {
        const headers = { authorization: await adminAuthorization() };
        const socket = new WebSocket(`${url.replace("http", "ws")}/inbox/socket`, SUBPROTOCOL, { headers });
        await once(socket, "message");
        socket.terminate();
      },
    ],
  ] as const)("asks again after %s", async ([_, use], { expect }) => {
    const unused = await realWorker(proxied);
    // Before any call of the Worker.
    const past = new Date(Date.now() - HOUR_MS).setUTCMinutes(20, 0, 0);
    const runLater = (minutes: number) => run(minutes, { worker: unused, hour: past });
    expect(await runLater(0)).toBeGreaterThan(0);
    expect(await runLater(1)).toBe(0);
    await use(unused.url);
    for (const minutes of [2, 3]) expect(await runLater(minutes)).toBeGreaterThan(0);
    await unused.close();
  });

  it("asks again as long as Postgres does not answer, and after a deployment", async ({ expect }) => {
    hour += HOUR_MS;
    expect(await run(11)).toBeGreaterThan(0);
    expect(await run(12)).toBe(0);
    await worker.reload();
    proxy.set("unavailable");
    for (const minute of [13, 14]) expect(await run(minute)).toBeGreaterThan(0);
    proxy.set("forward");
    expect(await run(15)).toBeGreaterThan(0);
    expect(await run(16)).toBe(0);
  });

  it("asks when a chat's snooze ends", async ({ expect }) => {
    hour += HOUR_MS;
    const [chat] = (await database.query('select id from "Chat"')) as { id: number }[];
    await database.query(
      `update "Chat" set status = 'snoozed', "snoozedUntil" = '${at(25).toISOString()}' where id = ${chat?.id}`,
    );
    expect(await run(11)).toBeGreaterThan(0);
    expect(await run(24)).toBe(0);
    expect(await run(25)).toBeGreaterThan(0);
    await database.query(`update "Chat" set status = 'open', "snoozedUntil" = null where id = ${chat?.id}`);
  });

  it("notices a silence in the same minute as if it always asked", async ({ expect }) => {
    hour += HOUR_MS;
    // Every five minutes of five weeks a message, the last one in the first minutes of this hour.
    await database.query(`insert into "InboundHour" ("organizationPhoneId", hour, slots, "lastAt")
      select 183, h, 4095, h + interval '2 minutes' from generate_series(0, 839) n,
        lateral (select '${at(0).toISOString()}'::timestamptz - n * interval '1 hour') s(h)
      on conflict ("organizationPhoneId", hour) do update set slots = excluded.slots, "lastAt" = excluded."lastAt"`);
    const turns = minutesBetween(at(11), at(60));
    const isSilent = async (now: Date) =>
      (await quietPhones(database.db, now)).some(({ habit }) => silenceOf(habit, now) !== null);
    const silent: Date[] = [];
    for (const turn of turns) if (await isSilent(turn)) silent.push(turn);
    const [first = at(0)] = silent;
    expect(first.getTime()).toBeGreaterThan(at(32).getTime());
    const due = (first.getTime() - hour) / MINUTE_MS;

    expect(await run(11)).toBeGreaterThan(0);
    for (const minute of [12, 30, due - 1]) expect(await run(minute)).toBe(0);
    expect(await run(due)).toBeGreaterThan(0);
    const alarms = await database.query(
      `select "happenedAt" from "Notice" where kind = 'silence' and "clearedAt" is null`,
    );
    expect(alarms).toEqual([{ happenedAt: first }]);
    await database.query(`delete from "Notice" where kind = 'silence'`);
  });
});

describe("when the schedule's next work is due", () => {
  const now = new Date();
  const soon = new Date(now.getTime() + 7 * MINUTE_MS);
  const soonText = `'${soon.toISOString()}'`;
  const media = (state: string, due: string) =>
    `insert into "Media" ("organizationId", "organizationPhoneId", "fromMe", state, "nextAttemptAt") values (1, 183, false, '${state}', ${due})`;
  const delivery = (event: string, due: string, cleared = "null") =>
    `with n as (${ALARM.replace("CLEARED", cleared)}) insert into "AlarmDelivery" ("noticeId", event, "nextAttemptAt") select id, '${event}', ${due} from n`;
  const bothDeliveries = (cleared: string) => `with n as (${ALARM.replace("CLEARED", cleared)})
    insert into "AlarmDelivery" ("noticeId", event, "nextAttemptAt") select id, e, d from n,
      (values ('alarm.raised', null), ('alarm.cleared', 'infinity'::timestamptz)) v(e, d)`;
  const chat = (change: string) => `update "Chat" set ${change}`;
  const refused = (age: string) =>
    `insert into "RefusedWebhook" ("phoneNumberId", "lastAt") values ('1', '${now.toISOString()}'::timestamptz - interval '${age}')`;

  it.for([
    ["nothing", "select 1", null],
    ["a snooze", chat(`status = 'snoozed', "snoozedUntil" = ${soonText}`), soon],
    ["a snooze that is over", chat(`status = 'snoozed', "snoozedUntil" = now() - interval '1 year'`), now],
    ["a snooze for good", chat(`status = 'snoozed', "snoozedUntil" = 'infinity'`), null],
    ["an open chat with an old snooze", chat(`status = 'open', "snoozedUntil" = ${soonText}`), null],
    ["a file to be fetched", media("pending", soonText), soon],
    ["a file to be fetched again", media("retrying", soonText), soon],
    ["a file that is stored", media("stored", soonText), null],
    ["a message that waits for Graph", `update "Message" set status = 'queued'`, now],
    ["a message whose fate is unknown", `update "Message" set status = 'unknown'`, now],
    ["a message that is settled", `update "Message" set status = 'unconfirmed'`, null],
    ["messages to be indexed", `update "SearchBackfill" set "beforeMessageId" = 1`, now],
    ["messages that no habit counts", `update "InboundCursor" set "messageId" = 0`, now],
    ["a refused webhook", refused("10 minutes"), new Date(now.getTime() + 50 * MINUTE_MS)],
    ["a refused webhook of long ago", refused("2 hours"), null],
    ["an alarm to be delivered", delivery("alarm.raised", soonText), soon],
    ["an alarm that is cleared once it was delivered", bothDeliveries("now()"), now],
    ["an open alarm that was delivered", bothDeliveries("null"), null],
    ["two of them", `${media("pending", soonText)}; ${refused("10 minutes")}`, soon],
  ] as const)("with %s", async ([_, change, due], { expect }) => {
    await database.query(`update "InboundCursor" set "messageId" = (select max(id) from "Message")`);
    await database.query(change);
    expect(await nextDueAt(database.db, now, true)).toEqual(due);
    await database.query(`update "Chat" set status = 'open', "snoozedUntil" = null; update "Message" set status = null;
      update "SearchBackfill" set "beforeMessageId" = 0;
      delete from "Media"; delete from "RefusedWebhook"; delete from "Notice"`);
  });
});
