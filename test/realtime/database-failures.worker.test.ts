import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { and, eq, gt } from "drizzle-orm";
import { describe, it } from "vitest";
import { chats } from "../../src/db/chat-tables.ts";
import { chatEvents, messages } from "../../src/db/message-tables.ts";
import { as } from "../support/as.ts";
import { aChat, db, type Ground } from "../support/build.ts";
import { load } from "../support/client-store.ts";
import { aGate, aRefusal, aRestoredHistory, CATCH_UP, MARK, passLimit } from "../support/gate.ts";
import { publishNow } from "../support/publish-now.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import { isChatWatched, unwatch } from "../support/watched.ts";

type Chat = Ground & { id: number; customer: string };

describe("a room whose database hangs", () => {
  it.for([
    { title: "catch-up read", fragment: CATCH_UP },
    { title: "watch lease", fragment: MARK },
  ])(
    "refuses a client that waits for the $title, and accepts one once the database is back",
    async ({ fragment }, { expect }) => {
      const chat = await aChat();
      const anna = await as(chat);
      const gate = aGate(fragment);
      await expect(passLimit(gate, () => anna.openTab(chat.id))).rejects.toThrow("503");
      expect(gate.calls()).toBe(1);
      gate.open();
      const tab = await anna.openTab(chat.id);
      expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    },
  );
});

describe("a hub whose database hangs", () => {
  it("refuses a client, and accepts one once the database is back", async ({ expect }) => {
    const anna = await as(await aChat());
    const gate = aGate(MARK);
    await expect(passLimit(gate, () => anna.openInbox())).rejects.toThrow("503");
    gate.open();
    expect(await (await anna.openInbox()).nextFrame()).toEqual({ type: "hello" });
  });
});

describe("a room whose database was restored to an earlier state", () => {
  it("makes its clients reconnect and load again, at their next sync", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const { epoch, seq } = await load(anna, chat.id);
    const query = `?since=${seq}&epoch=${epoch}`;
    const tab = await anna.openTab(chat.id, query);
    expect(await tab.nextFrame()).toMatchObject({ resume: "current" });

    const restored = aRestoredHistory();
    tab.send({ type: "sync", seq });
    expect(await tab.closed).toBe(1012);
    const again = await anna.openTab(chat.id, query);
    expect(await again.nextFrame()).toMatchObject({ resume: "reset", epoch: restored.epoch });
    again.send({ type: "sync", seq });
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await again.nextFrame()).toMatchObject({ type: "event", seq: 2 });
    restored.end();
  });

  it("forgets the old epoch's head for clients that connect later", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    await anna.openTab(chat.id);
    await publishHead(chat, 2_000);

    const restored = aRestoredHistory();
    const tab = await anna.openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ resume: "reset", head: 1, epoch: restored.epoch });
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
    restored.end();
  });
});

describe("D10: a room whose database was restored without a new epoch", () => {
  it("makes clients that are ahead of the chat reconnect and load again, at their next sync", async ({
    expect,
  }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const { epoch } = await load(anna, chat.id);
    const ahead = await anna.openTab(chat.id);
    expect(await ahead.nextFrame()).toMatchObject({ head: 1 });
    await publishNow(await ingestItems(chat, aText(chat), aText(chat)));
    for (const seq of [2, 3]) expect(await ahead.nextFrame()).toMatchObject({ seq });

    await restoreTo(chat, 2);
    ahead.send({ type: "sync", seq: 3 });
    expect(await ahead.closed).toBe(1012);
    const again = await anna.openTab(chat.id, `?since=3&epoch=${epoch}`);
    expect(await again.nextFrame()).toMatchObject({ resume: "reset", head: 2 });
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await again.nextFrame()).toMatchObject({ type: "event", seq: 3 });
    const current = await anna.openTab(chat.id, `?since=3&epoch=${epoch}`);
    expect(await current.nextFrame()).toMatchObject({ resume: "current", head: 3 });
  });

  it("does not close a client that is level with the chat while more is committed", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    await tab.nextFrame();
    const gate = aGate(CATCH_UP, "answer");
    tab.send({ type: "sync", seq: 1 });
    await gate.reached;
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
    gate.open();
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 3 });
  });
});

describe("P4: a room's alarm", () => {
  it("that fails ten times is set again each time, and finally renews the watch lease", async ({
    expect,
  }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const tab = await (await as(chat)).openTab(chat.id);
    await tab.nextFrame();
    await evictDurableObject(room);
    const refused = aRefusal(MARK);
    for (let failed = 1; failed <= 10; failed += 1) {
      expect(await runDurableObjectAlarm(room)).toBe(true);
      expect(refused.calls()).toBe(failed);
    }
    refused.end();
    await unwatch(chat);

    expect(await runDurableObjectAlarm(room)).toBe(true);
    expect(await isChatWatched(chat.id)).toBe(true);
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });

  it("that fires twice at once writes the lease once", async ({ expect }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const tab = await (await as(chat)).openTab(chat.id);
    await tab.nextFrame();
    await evictDurableObject(room);
    await unwatch(chat);
    const gate = aGate(MARK);
    const twice = runInDurableObject(room, (live) => Promise.all([live.alarm(), live.alarm()]));
    await gate.reached;
    expect(gate.calls()).toBe(1);
    gate.open();
    await twice;
    expect(await isChatWatched(chat.id)).toBe(true);
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });
});

describe("a socket with an error", () => {
  it("removes its agent from presence", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as({ ...chat, name: "Anna" });
    const [breaks, stays] = [await anna.openTab(chat.id), await anna.openTab(chat.id)];
    await stays.nextFrame();
    breaks.send({ type: "viewing", visible: true });
    expect(await stays.nextFrame()).toMatchObject({ type: "presence", agents: [{ name: "Anna" }] });

    await runInDurableObject(env.CHAT_ROOM.getByName(String(chat.id)), async (room, state) => {
      for (const socket of state.getWebSockets()) await room.webSocketError(socket);
    });
    expect(await stays.nextFrame()).toEqual({ type: "presence", agents: [] });
  });
});

/** Publishes a head that the chat had before the restore. */
async function publishHead({ id }: Chat, head: number): Promise<void> {
  await env.CHAT_ROOM.getByName(String(id)).publish({ head, events: [] });
}

function aText({ customer }: Chat) {
  return aTextOf("Hello?", { from: customer });
}

/** What the chat was when it had only that many events. */
async function restoreTo({ id }: Chat, head: number): Promise<void> {
  await db.delete(chatEvents).where(and(eq(chatEvents.chatId, id), gt(chatEvents.seq, head)));
  await db.delete(messages).where(and(eq(messages.chatId, id), gt(messages.seq, head)));
  await db.update(chats).set({ head }).where(eq(chats.id, id));
}
