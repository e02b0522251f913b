import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aGate, CATCH_UP, MARK } from "../support/gate.ts";
import { publishNow } from "../support/publish-now.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import { isChatWatched, unwatch } from "../support/watched.ts";

describe("a chat's watch lease", () => {
  it("is in force before the room reads what was missed", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    expect(await isChatWatched(chat.id)).toBe(false);

    const gate = aGate(CATCH_UP);
    const opening = anna.openTab(chat.id);
    await gate.reached;
    expect(await isChatWatched(chat.id)).toBe(true);
    gate.open();
    await opening;
  });

  it("leaves no gap: the catch-up read has what was committed before it", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const gate = aGate(MARK);
    const opening = anna.openTab(chat.id);
    await gate.reached;
    const { chats } = await ingestItems(chat, aTextOf("unwatched", { from: chat.customer }));
    expect(chats).toMatchObject([{ head: 2, watched: false }]);
    gate.open();

    const tab = await opening;
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 2 });
  });

  it("is not released while a client is connecting", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const gate = aGate(CATCH_UP);
    const opening = anna.openTab(chat.id);
    await gate.reached;
    await runInDurableObject(env.CHAT_ROOM.getByName(String(chat.id)), (room) => room.alarm());
    expect(await isChatWatched(chat.id)).toBe(true);
    gate.open();

    const tab = await opening;
    await tab.nextFrame();
    await publishNow(await ingestItems(chat, aTextOf("watched", { from: chat.customer })));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });

  it("does not keep a storm of clients from sharing catch-up reads", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    await anna.get(`/chats/${chat.id}`);
    const gate = aGate(CATCH_UP);
    const opening = Array.from({ length: 50 }, () => anna.openTab(chat.id));
    await gate.reached;
    gate.open();
    const tabs = await Promise.all(opening);
    for (const tab of tabs) expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    expect(gate.calls()).toBeGreaterThan(0);
    expect(gate.calls()).toBeLessThanOrEqual(2);
  });

  it("is released after the last client has left, and not before", async ({ expect }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const anna = await as(chat);
    const [first, second] = [await anna.openTab(chat.id), await anna.openTab(chat.id)];
    first.close();
    await first.closed;
    await runDurableObjectAlarm(room);
    expect(await isChatWatched(chat.id)).toBe(true);

    second.close();
    await second.closed;
    await runDurableObjectAlarm(room);
    await expect.poll(() => isChatWatched(chat.id)).toBe(false);
  });

  it("is looked at only in time for its renewal when the last client leaves, which may be back in a moment", async ({
    expect,
  }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const alarmOf = async () => await runInDurableObject(room, (_, { storage }) => storage.getAlarm());
    const anna = await as(chat);
    const [first, second] = [await anna.openTab(chat.id), await anna.openTab(chat.id)];
    const alarmAtMs = await alarmOf();
    expect(alarmAtMs).toBeGreaterThan(Date.now() + 60_000);
    first.close();
    await first.closed;
    // A room that has just woken does not know its lease.
    await evictDurableObject(room);
    second.close();
    await second.closed;
    await publishNow(await ingestItems(chat, aTextOf("watched", { from: chat.customer })));
    expect(await alarmOf()).toBe(alarmAtMs);
    expect(await isChatWatched(chat.id)).toBe(true);
  });

  it("is renewed for a socket that stayed open through hibernation", async ({ expect }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const anna = await as(chat);
    await anna.openTab(chat.id);
    await evictDurableObject(room);
    await unwatch(chat);
    expect(await isChatWatched(chat.id)).toBe(false);

    expect(await runDurableObjectAlarm(room)).toBe(true);
    expect(await isChatWatched(chat.id)).toBe(true);
  });

  it("that had lapsed is renewed, and the events missed meanwhile are sent", async ({ expect }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const tab = await (await as(chat)).openTab(chat.id);
    await tab.nextFrame();
    await evictDurableObject(room);
    await unwatch(chat);
    await ingestItems(chat, aTextOf("unwatched", { from: chat.customer }));

    expect(await runDurableObjectAlarm(room)).toBe(true);

    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });

  it("is released by the room's own alarm when the room died with its sockets", async ({ expect }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const anna = await as({ ...chat, expiresAt: new Date() });
    await anna.openTab(chat.id);
    await evictDurableObject(room, { webSockets: "close" });
    // No publisher calls the room any more. Its alarm alone wakes it, and must know the chat's id.
    await expect.poll(() => isChatWatched(chat.id)).toBe(false);
  });
});
