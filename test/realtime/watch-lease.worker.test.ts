import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";
import { WatchLease } from "../../src/realtime/socket-gate.ts";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aGate, CATCH_UP, MARK } from "../support/gate.ts";
import { aTextOf, tell } from "../support/told.ts";
import { isChatWatched, publishNow, unwatch } from "../support/watched.ts";

const MINUTE_MS = 60_000;

describe("a watch", () => {
  it("writes once for many, and again when half of its time has passed", async ({ expect }) => {
    const { lease, writes } = aLease();
    await Promise.all([lease.acquire(0), lease.acquire(0), lease.acquire(4 * MINUTE_MS)]);
    expect(writes).toEqual([10 * MINUTE_MS]);
    await lease.acquire(5 * MINUTE_MS);
    expect(writes).toEqual([10 * MINUTE_MS, 15 * MINUTE_MS]);
  });

  it("writes anew after it was released", async ({ expect }) => {
    const { lease, writes } = aLease();
    await lease.acquire(0);
    await lease.release(() => false);
    await lease.acquire(0);
    expect(writes).toEqual([10 * MINUTE_MS, null, 10 * MINUTE_MS]);
  });

  it("stays when somebody has come before the release has its turn", async ({ expect }) => {
    const { lease, writes } = aLease();
    await lease.acquire(0);
    await lease.release(() => true);
    expect(writes).toEqual([10 * MINUTE_MS]);
  });

  it("has the last word of a release and a hold at once with who came last", async ({ expect }) => {
    const { lease, writes } = aLease();
    await lease.acquire(0);
    await Promise.all([lease.release(() => false), lease.acquire(0)]);
    expect(writes.at(-1)).toBe(10 * MINUTE_MS);
  });

  it("tries again after a mark that failed", async ({ expect }) => {
    const { lease, writes, failNext } = aLease();
    failNext();
    await expect(lease.acquire(0)).rejects.toThrow("away");
    await lease.acquire(0);
    expect(writes).toEqual([10 * MINUTE_MS]);
  });

  it("does not hurry when the database is away", async ({ expect }) => {
    const { lease, failNext } = aLease();
    failNext();
    await expect(lease.acquire(0)).rejects.toThrow("away");
    expect(lease.nextCheckMs(0, MINUTE_MS)).toBe(10_000);
  });

  it.for([
    { title: "at the end of a token", tokenEndsMs: MINUTE_MS, nextMs: MINUTE_MS },
    { title: "in time for the renewal", tokenEndsMs: 60 * MINUTE_MS, nextMs: 5 * MINUTE_MS },
    { title: "soon when a token has ended already", tokenEndsMs: -1, nextMs: 250 },
    { title: "soon when nobody is left", tokenEndsMs: null, nextMs: 250 },
  ])("looks again $title", async ({ tokenEndsMs, nextMs }, { expect }) => {
    const { lease } = aLease();
    await lease.acquire(0);
    expect(lease.nextCheckMs(0, tokenEndsMs)).toBe(nextMs);
  });
});

describe("a chat's mark that somebody watches", () => {
  it("stands before the room reads what was missed", async ({ expect }) => {
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

  it("lets nothing fall between: what is committed before it is read", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const gate = aGate(MARK);
    const opening = anna.openTab(chat.id);
    await gate.reached;
    const { chats } = await tell(chat, aTextOf("unwatched", { from: chat.customer }));
    expect(chats).toMatchObject([{ head: 2, watched: false }]);
    gate.open();

    const tab = await opening;
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 2 });
  });

  it("is not taken away from under a client that is on its way in", async ({ expect }) => {
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
    await publishNow(await tell(chat, aTextOf("watched", { from: chat.customer })));
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });

  it("lets a storm of clients share a read", async ({ expect }) => {
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

  it("is taken away after the last has left, and not before", async ({ expect }) => {
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
    await vi.waitFor(async () => expect(await isChatWatched(chat.id)).toBe(false), { timeout: 10_000 });
  });

  it("is renewed for a socket that slept through the room's hibernation", async ({ expect }) => {
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

  it("that had run out is followed by what was committed meanwhile", async ({ expect }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const tab = await (await as(chat)).openTab(chat.id);
    await tab.nextFrame();
    await evictDurableObject(room);
    await unwatch(chat);
    await tell(chat, aTextOf("unwatched", { from: chat.customer }));

    expect(await runDurableObjectAlarm(room)).toBe(true);

    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });

  it("is taken away by the room's own alarm when the room had died with its sockets", async ({ expect }) => {
    const chat = await aChat();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    const anna = await as({ ...chat, expiresAt: new Date() });
    await anna.openTab(chat.id);
    await evictDurableObject(room, { webSockets: "close" });
    // Nobody calls the room any more: its alarm alone wakes it, and must know which chat it is of.
    await vi.waitFor(async () => expect(await isChatWatched(chat.id)).toBe(false), { timeout: 10_000 });
  });
});

function aLease() {
  const writes: (number | null)[] = [];
  let isFailing = false;
  const lease = new WatchLease(async (until) => {
    const fails = isFailing;
    isFailing = false;
    if (fails) throw new Error("the database is away");
    writes.push(until?.getTime() ?? null);
  });
  return { lease, writes, failNext: () => (isFailing = true) };
}
