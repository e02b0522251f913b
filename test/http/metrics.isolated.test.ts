import { env, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, it, vi } from "vitest";
import { messages } from "../../src/db/message-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import type { DeliveryStatus } from "../../src/domain/delivery-status.ts";
import { app } from "../../src/http/app.ts";
import { Spool } from "../../src/intake/spool.ts";
import { logStuck } from "../../src/schedule.ts";
import { as } from "../support/as.ts";
import { aChat, db } from "../support/build.ts";
import { load } from "../support/client-store.ts";
import { captureLogs } from "../support/logs.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { eventsOf } from "../support/stored.ts";

type Metrics = {
  spool: { shard: number; depth: number; oldestAt: string | null; commits: Record<string, number> }[];
  sends: Record<string, number>;
  keptEvents: { unread: number };
  resumes: Record<string, number> | null;
};

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

async function aSend(chat: Awaited<ReturnType<typeof aChat>>, status: DeliveryStatus, receivedAt: Date) {
  await db.insert(messages).values({
    organizationPhoneId: chat.organizationPhoneId,
    chatId: chat.id,
    seq: 1,
    fromMe: true,
    messageType: "text",
    body: "Hi",
    payload: {},
    status,
    createdAt: receivedAt,
    receivedAt,
  });
}

/** An event that has been waiting in a shard's spool since then. Gives the function that takes it out again. */
async function aSpooledEvent(since: Date): Promise<() => Promise<void>> {
  const chat = await aChat();
  const events = eventsOf(chat, aText({ from: chat.customer, body: "Hi" }));
  const shard = env.INTAKE.getByName("shard-2");
  const ids = await runInDurableObject(shard, (_, { storage }) =>
    new Spool(storage).add(events, since.getTime()),
  );
  return async () =>
    await runInDurableObject(shard, (_, { storage }) => new Spool(storage).remove(ids ?? []));
}

/** A result is reused for less. */
const OLD_RESULT_MS = 3_000;
let asked = 0;

afterEach(() => {
  vi.useRealTimers();
});

describe("metrics", () => {
  it("show the spool and the commits of every shard", async ({ expect }) => {
    const chat = await aChat();
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Hi" }));
    const since = minutesAgo(1);
    const empty = await aSpooledEvent(since);
    const anna = await as({ ...chat, role: "admin" });

    const { spool } = await (await anna.get("/metrics")).json<Metrics>();
    await empty();

    expect(spool.map(({ shard }) => shard)).toEqual([0, 1, 2, 3]);
    expect(spool.map(({ depth }) => depth)).toEqual([0, 0, 1, 0]);
    expect(spool[2]?.oldestAt).toBe(since.toISOString());
    const commits = spool.map((shard) => shard.commits);
    const sum = (of: string) => commits.reduce((all, one) => all + (one[of] ?? 0), 0);
    expect(sum("events")).toBeGreaterThan(0);
    expect(sum("batches")).toBeGreaterThan(0);
    expect(sum("failures")).toBe(0);
  });

  it("show what of this organization waits for somebody", async ({ expect }) => {
    const [chat, other] = [await aChat(), await aChat()];
    const anna = await as({ ...chat, role: "admin" });
    const none = { sends: { unknown: 0, unconfirmed: 0, queuedOverOneMinute: 0 }, keptEvents: { unread: 0 } };
    expect(await (await anna.get("/metrics")).json<Metrics>()).toMatchObject(none);

    for (const owner of [chat, other]) {
      await aSend(owner, "unknown", minutesAgo(0));
      await aSend(owner, "unconfirmed", minutesAgo(0));
      await aSend(owner, "unconfirmed", minutesAgo(0));
      await aSend(owner, "queued", minutesAgo(2));
      await aSend(owner, "queued", minutesAgo(0));
      const row = { organizationId: owner.organizationId, hash: crypto.randomUUID() };
      await db.insert(webhookEvents).values({ ...row, reason: "unreadable_item" });
    }

    expect(await (await anna.get("/metrics")).json<Metrics>()).toMatchObject({
      sends: { unknown: 1, unconfirmed: 2, queuedOverOneMinute: 1 },
      keptEvents: { unread: 1 },
    });
  });
});

describe("metrics of sockets", () => {
  it("show how this organization's clients resumed when they connected", async ({ expect }) => {
    const [chat, other] = [await aChat(), await aChat()];
    const anna = await as({ ...chat, role: "admin" });
    const second = await aChat(chat);
    const { epoch } = await load(anna, chat.id);
    await (await as(other)).openTab(other.id);
    await anna.openTab(chat.id);
    for (let opened = 0; opened < 3; opened += 1) await anna.openTab(chat.id, `?since=1&epoch=${epoch}`);
    await anna.openTab(second.id, `?since=0&epoch=${epoch}`);

    const resumes = async () => (await (await anna.get("/metrics")).json<Metrics>()).resumes;
    const counts = { current: 3, replay: 1, reset: 1 };
    await expect.poll(resumes).toEqual(counts);
    await evictDurableObject(env.INBOX_HUB.getByName(String(chat.organizationId)));
    expect(await resumes()).toEqual(counts);
  });
});

describe("what waits too long", () => {
  it.for<[string, number, number, string]>([
    ["older than five minutes", 6, 503, "failed"],
    ["younger", 3, 200, "ok"],
  ])("turns readiness red: a spooled event %s", async ([, minutes, status, spool], { expect }) => {
    const empty = await aSpooledEvent(minutesAgo(minutes));
    // Asked again where a busy machine has not answered in time.
    const readiness = async () => {
      asked += 1;
      vi.setSystemTime(vi.getRealSystemTime() + asked * OLD_RESULT_MS);
      const answer = await app.request("/readyz", {}, env);
      const { checks } = await answer.json<{ checks: Record<string, object> }>();
      return [answer.status, checks.spool];
    };
    await expect
      .poll(readiness)
      .toEqual([status, { status: spool, depth: 1, oldestSeconds: expect.any(Number) }]);
    await empty();
  });

  it("is logged by the schedule, one line each", async ({ expect }) => {
    const chat = await aChat();
    const empty = await aSpooledEvent(minutesAgo(6));
    await aSend(chat, "queued", minutesAgo(3));
    const { lines, stop } = captureLogs();
    await logStuck(env, new Date());
    stop();
    await empty();
    const stuck = lines.filter((line) => line.includes("WABA: Work is overdue"));
    expect(stuck.map((line) => line.match(/"code":"(\w+)"/)?.[1]).sort()).toEqual(["queued", "spool"]);
    expect(stuck.filter((line) => !/"count":[1-9]/.test(line))).toEqual([]);
  });
});
