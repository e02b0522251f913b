import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat, type Ground } from "../support/build.ts";
import { load } from "../support/client-store.ts";
import { aGate, aRefusal, aRestoredHistory, CATCH_UP, MARK } from "../support/gate.ts";
import { aTextOf, tell } from "../support/told.ts";
import { isChatWatched, publishNow, unwatch } from "../support/watched.ts";

type Chat = Ground & { id: number; customer: string };

describe("a room whose database hangs", () => {
  it.for([
    { title: "read", words: CATCH_UP },
    { title: "mark", words: MARK },
  ])(
    "refuses who waits for the $title, and lets in who comes when it is back",
    async ({ words }, { expect }) => {
      const chat = await aChat();
      const anna = await as(chat);
      const gate = aGate(words);
      await expect(anna.openTab(chat.id)).rejects.toThrow("503");
      expect(gate.calls()).toBe(1);
      gate.open();
      const tab = await anna.openTab(chat.id);
      expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    },
  );
});

describe("an inbox's hub whose database hangs", () => {
  it("refuses, and lets in when it is back", async ({ expect }) => {
    const anna = await as(await aChat());
    const gate = aGate(MARK);
    await expect(anna.openInbox()).rejects.toThrow("503");
    gate.open();
    expect(await (await anna.openInbox()).nextFrame()).toEqual({ type: "hello" });
  });
});

describe("a room whose database was restored under it", () => {
  it("sends its clients back to load afresh, at their next sync", async ({ expect }) => {
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
    await publishNow(await tell(chat, aText(chat)));
    expect(await again.nextFrame()).toMatchObject({ type: "event", seq: 2 });
    restored.end();
  });

  it("does not hold the old history's numbers against who comes after", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    await anna.openTab(chat.id);
    await hear(chat, 2_000);

    const restored = aRestoredHistory();
    const tab = await anna.openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ resume: "reset", head: 1, epoch: restored.epoch });
    await publishNow(await tell(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
    restored.end();
  });
});

describe("P4: a room's alarm", () => {
  it("that fails ten times is set again each time, and renews the watch in the end", async ({ expect }) => {
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
    await publishNow(await tell(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });

  it("that fires twice at once changes nothing the second time", async ({ expect }) => {
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
    await publishNow(await tell(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });
});

describe("a socket that breaks", () => {
  it("takes its agent out of the chat's presence", async ({ expect }) => {
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

/** The room hears a number that the chat had before the restore. */
async function hear({ id }: Chat, head: number): Promise<void> {
  await env.CHAT_ROOM.getByName(String(id)).publish({ head, events: [] });
}

function aText({ customer }: Chat) {
  return aTextOf("Hello?", { from: customer });
}
