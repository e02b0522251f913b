import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { connect } from "../../src/db/client.ts";
import { ingest } from "../../src/db/ingest.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aBody, aText, aWamid, deliver, post } from "../support/meta.ts";
import { chatOf, messageOf } from "../support/stored.ts";
import { AWAY, drain, forget, give, rename, shards, spoolDepth } from "./shards.ts";

describe("the intake", () => {
  it("says 200 once the message is stored", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Stored?", wamid }));
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Stored?", seq: 2 });
  });

  it("D1: takes a message while Postgres is away, and stores it once it is back", async ({ expect }) => {
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
    // When it came in, not when it was stored.
    expect(stored?.receivedAt.getTime()).toBeLessThanOrEqual(stored?.spooledAt?.getTime() ?? 0);
  });

  it("I2, D2: stores a message once that is in the spool and was delivered again", async ({ expect }) => {
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

  it("I8: numbers what waited after what came meanwhile, and keeps its own time", async ({ expect }) => {
    const chat = await aChat();
    const [early, late] = [aWamid(), aWamid()];
    const waited = aText({ from: chat.customer, body: "A", wamid: early, at: new Date(Date.now() - 60_000) });
    const live = aText({ from: chat.customer, body: "B", wamid: late });
    const restore = await give(AWAY);
    await deliver(chat.phoneNumberId, waited);
    // Through another shard, to which Postgres is not away.
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

  it("shows a tab what waits in the spool, and replaces it by the event", async ({ expect }) => {
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

  it("I3: finds what an earlier life of the object had spooled", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const restore = await give(AWAY);
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Survives", wamid }));
    await restore();
    await forget();
    await drain();
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Survives" });
  });

  it("D8: claims nothing when the spool cannot take it either", async ({ expect }) => {
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
    "finishes by its alarm a publish to a room that %s",
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
      for (const shard of shards) await runDurableObjectAlarm(shard);
      expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2, message: { body: "Late" } });
      for (const shard of shards) expect(await runDurableObjectAlarm(shard)).toBe(false);
    },
  );

  it("I20: shows a tab two batches in order, of which the first is told later", async ({ expect }) => {
    const chat = await aChat();
    const tab = await (await as(chat)).openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    const text = () => deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Hello" }));
    const told: number[] = [];
    const publish = ({ head }: { head: number }) => {
      told.push(head);
      return new Promise(() => undefined);
    };
    const getByName = (name: string) => (told.length === 0 ? { publish } : env.CHAT_ROOM.getByName(name));
    const restore = await give({ CHAT_ROOM: { getByName } });
    const first = text();
    while (told.length === 0) await scheduler.wait(1);
    await Promise.all([first, text()]);
    expect(told).toEqual([2]);
    for (const seq of [2, 3]) expect(await tab.nextFrame()).toMatchObject({ type: "event", seq });

    await restore();
    await drain();
    await text();
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 4 });
  });
});
