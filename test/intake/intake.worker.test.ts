import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { connect } from "../../src/db/client.ts";
import { ingest } from "../../src/db/ingest.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aBody, aText, aWamid, deliver, post } from "../support/meta.ts";
import { chatOf, ingestItems, messageOf } from "../support/stored.ts";
import { AWAY, drain, forget, give, rename, shards, spoolDepth } from "./shards.ts";

type Waiting = { data: { id: number }[] };

describe("the intake", () => {
  it("answers 200 once the message is stored", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Stored?", wamid }));
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Stored?", seq: 2 });
  });

  it("D1: accepts a message while Postgres is unavailable, and stores it later", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const body = JSON.stringify(
      aBody(chat.phoneNumberId, aText({ from: chat.customer, body: "Kept", wamid })),
    );
    const restore = await give(AWAY);
    expect((await post(body)).status).toBe(200);
    expect(await spoolDepth()).toBe(1);
    expect(await chatOf(chat)).toMatchObject({ head: 1 });

    await restore();
    await drain();
    expect(await spoolDepth()).toBe(0);
    const stored = await messageOf(chat, wamid);
    expect(stored).toMatchObject({ body: "Kept", seq: 2 });
    // The time of arrival, not of storing.
    expect(stored?.receivedAt.getTime()).toBeLessThanOrEqual(stored?.spooledAt?.getTime() ?? 0);
  });

  it("I2, D2: stores a spooled message once, although it was delivered again", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const body = JSON.stringify(
      aBody(chat.phoneNumberId, aText({ from: chat.customer, body: "Twice", wamid })),
    );
    const restore = await give(AWAY);
    for (let i = 0; i < 3; i += 1) expect((await post(body)).status).toBe(200);
    expect(await spoolDepth()).toBe(3);
    await restore();
    expect((await post(body)).status).toBe(200);
    await drain();
    expect(await chatOf(chat)).toMatchObject({ head: 2, unreadCount: 2 });
    expect(await spoolDepth()).toBe(0);
  });

  it("I8: gives a spooled message a later seq than newer live ones, but its own time", async ({ expect }) => {
    const chat = await aChat();
    const [early, late] = [aWamid(), aWamid()];
    const waited = aText({ from: chat.customer, body: "A", wamid: early, at: new Date(Date.now() - 60_000) });
    const live = aText({ from: chat.customer, body: "B", wamid: late });
    const restore = await give(AWAY);
    await deliver(chat.phoneNumberId, waited);
    // As if through another shard that reaches Postgres.
    const bytes = new TextEncoder().encode(JSON.stringify(aBody(chat.phoneNumberId, live)));
    await ingest(connect(env.DATABASE_URL), flatten(bytes));
    await restore();
    await drain();
    expect(await messageOf(chat, late)).toMatchObject({ seq: 2 });
    expect(await messageOf(chat, early)).toMatchObject({ seq: 3 });
    const { lastMessage, unreadCount } = await (await (await as(chat)).get(`/chats/${chat.id}`)).json<{
      lastMessage: { body: string };
      unreadCount: number;
    }>();
    expect(lastMessage.body).toBe("B");
    expect(unreadCount).toBe(3);
  });

  it("shows a spooled message in a tab as pending, and then as an event", async ({ expect }) => {
    const chat = await aChat();
    const tab = await (await as(chat)).openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Known" }));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });

    const wamid = aWamid();
    const restore = await give({ ...AWAY, CHAT_ROOM: env.CHAT_ROOM });
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Pending", wamid }));
    expect(await tab.nextFrame()).toMatchObject({ type: "pending", messages: [{ wamid, body: "Pending" }] });

    await restore();
    await drain();
    expect(await tab.nextFrame()).toMatchObject({
      type: "event",
      seq: 3,
      message: { wamid, body: "Pending" },
    });
  });

  it.for(["retried", "taken out"])(
    "I25: does not double an event that an admin has %s while a call that was given up still commits",
    async (how, { expect }) => {
      const chat = await aChat();
      const anna = await as({ ...chat, role: "admin" });
      const wamid = aWamid();
      const text = aText({ from: chat.customer, body: "Once", wamid });
      const restore = await give(AWAY);
      await deliver(chat.phoneNumberId, text);
      await restore();
      const [{ id } = { id: 0 }] = (await (await anna.get("/spooled-events")).json<Waiting>()).data;
      const answer =
        how === "retried"
          ? await anna.post(`/spooled-events/${id}/retry`)
          : await anna.remove(`/spooled-events/${id}`);
      expect(answer.ok).toBe(true);

      // What the endpoint does with a call whose client has gone.
      await ingestItems(chat, text);
      const stored = await messageOf(chat, wamid);
      expect(await chatOf(chat)).toMatchObject({ head: 2, unreadCount: 2 });
      expect((await (await anna.get("/spooled-events")).json<Waiting>()).data).toEqual([]);
      await drain();
      await deliver(chat.phoneNumberId, text);
      expect(await messageOf(chat, wamid)).toEqual(stored);
      expect(await chatOf(chat)).toMatchObject({ head: 2, unreadCount: 2 });
    },
  );

  it("I3: drains what an earlier instance of the object spooled", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const restore = await give(AWAY);
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Survives", wamid }));
    await restore();
    await forget();
    await drain();
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Survives" });
  });

  it("D8: answers 503 when the spool fails too", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const body = JSON.stringify(
      aBody(chat.phoneNumberId, aText({ from: chat.customer, body: "Again", wamid })),
    );
    const restore = await give(AWAY);
    await rename("spool", "lost");
    const answer = await post(body);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toMatchObject({ code: "not_durable", retryable: true });

    await restore();
    await rename("lost", "spool");
    await forget();
    expect(await chatOf(chat)).toMatchObject({ head: 1 });
    expect((await post(body)).status).toBe(200);
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Again", seq: 2 });
  });

  it.for(["fails", "does not answer"])(
    "repeats in its alarm a publish to a room that %s",
    async (how, { expect }) => {
      const chat = await aChat();
      const anna = await as(chat);
      const tab = await anna.openTab(chat.id);
      expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
      const asked: number[] = [];
      const publish = ({ head }: { head: number }) => {
        asked.push(head);
        return how === "fails" ? Promise.reject(new Error("the room is gone")) : new Promise(() => undefined);
      };
      const restore = await give({ CHAT_ROOM: { getByName: () => ({ publish }) } });
      await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Late" }));
      expect(asked).toEqual([2]);
      expect(tab.frames).toHaveLength(1);

      await restore();
      for (const shard of shards()) await runDurableObjectAlarm(shard);
      expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2, message: { body: "Late" } });
      for (const shard of shards()) expect(await runDurableObjectAlarm(shard)).toBe(false);
    },
  );

  it("I20: shows a tab two batches in order when the first is published later", async ({ expect }) => {
    const chat = await aChat();
    const tab = await (await as(chat)).openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    const text = () => deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Hello" }));
    const heads: number[] = [];
    const publish = ({ head }: { head: number }) => {
      heads.push(head);
      return new Promise(() => undefined);
    };
    const getByName = (name: string) => (heads.length === 0 ? { publish } : env.CHAT_ROOM.getByName(name));
    const restore = await give({ CHAT_ROOM: { getByName } });
    const first = text();
    while (heads.length === 0) await scheduler.wait(1);
    await Promise.all([first, text()]);
    expect(heads).toEqual([2]);
    for (const seq of [2, 3]) expect(await tab.nextFrame()).toMatchObject({ type: "event", seq });

    await restore();
    await drain();
    await text();
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 4 });
  });
});
