import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import type { Committed } from "../../src/db/committed.ts";
import { publish } from "../../src/realtime/publish.ts";
import { as } from "../support/as.ts";
import { aChat, type Ground } from "../support/build.ts";
import { load } from "../support/client-store.ts";
import { aGate, CATCH_UP } from "../support/gate.ts";
import { publishNow } from "../support/publish-now.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import type { Tab } from "../support/tab.ts";

type Chat = Ground & { id: number; customer: string };

describe("a published event", () => {
  it.for([
    { title: "in order", order: [2, 3, 4] },
    { title: "last one first", order: [4, 2, 3] },
    { title: "in reverse", order: [4, 3, 2] },
    { title: "each twice", order: [2, 2, 3, 3, 4, 4] },
    { title: "some again after all", order: [2, 3, 4, 2, 3] },
    { title: "without the first", order: [3, 4] },
    { title: "without the middle", order: [2, 4] },
    { title: "with only the last", order: [4] },
  ])("reaches a tab once and in order when published $title", async ({ order }, { expect }) => {
    const { chat, tab } = await aChatWithTab();
    const committed = new Map<number, Committed>();
    for (const seq of [2, 3, 4]) committed.set(seq, await ingestItems(chat, aText(chat, seq)));

    await Promise.all(order.map((seq) => publishNow(required(committed.get(seq)))));
    // Sockets keep order: once this one arrives, no copy of the others is still on its way.
    await publishNow(await ingestItems(chat, aText(chat, 5)));

    expect(await framesTo(tab, 5)).toEqual([2, 3, 4, 5]);
  });

  it("arrives with the next sync when the call that published it was lost", async ({ expect }) => {
    const { chat, tab } = await aChatWithTab();
    const lost = await ingestItems(chat, aText(chat, 2));
    expect(lost.chats).toMatchObject([{ head: 2, watched: true }]);

    tab.send({ type: "sync", seq: 1 });

    expect(await tab.nextFrame()).toMatchObject({ seq: 2, message: { body: "text 2" }, chat: { head: 2 } });
  });

  it("is sent again to a client whose sync shows that it lacks it", async ({ expect }) => {
    const { chat, tab } = await aChatWithTab();
    for (const seq of [2, 3]) await publishNow(await ingestItems(chat, aText(chat, seq)));
    const nextTwo = async () => [await tab.nextFrame(), await tab.nextFrame()];
    expect(await nextTwo()).toMatchObject([{ seq: 2 }, { seq: 3 }]);

    tab.send({ type: "sync", seq: 1 });

    expect(await nextTwo()).toMatchObject([{ seq: 2 }, { seq: 3 }]);
  });

  it("makes a client reconnect that lacks more events than a replay covers", async ({ expect }) => {
    const { chat, tab } = await aChatWithTab();
    const behind = await (await as({ ...chat, sub: "boris" })).openTab(chat.id);
    for (let batch = 0; batch < 3; batch += 1) {
      await ingestItems(chat, ...Array.from({ length: 200 }, () => aText(chat, 2)));
    }

    behind.send({ type: "sync", seq: 1 });

    expect([await behind.closed, await tab.closed]).toEqual([1012, 1012]);
    expect(behind.frames).toMatchObject([{ type: "hello" }]);
  });

  it("is read from Postgres when only the head is published, as by Intake's alarm", async ({ expect }) => {
    const { chat, tab } = await aChatWithTab();
    await ingestItems(chat, aText(chat, 2));
    const { chats } = await ingestItems(chat, aText(chat, 3));
    await publishNow({ events: [], chats });
    expect(await framesTo(tab, 3)).toEqual([2, 3]);
  });

  it("carries the chat's row when it is the newest, in whatever order the events are listed", async ({
    expect,
  }) => {
    const { chat, tab } = await aChatWithTab();
    const { events: older } = await ingestItems(chat, aText(chat, 2));
    const { events: newer, chats } = await ingestItems(chat, aText(chat, 3));
    // A batch stored in halves: a redelivered event in the second half has an older number.
    await publishNow({ events: [...newer, ...older], chats });
    await tab.nextFrame();
    expect(await tab.nextFrame()).toMatchObject({ seq: 3, chat: { head: 3, unreadCount: 3 } });
  });

  it("wakes a hibernated room and reaches each of its sockets exactly once", async ({ expect }) => {
    const { chat, tab } = await aChatWithTab();
    const boris = await as({ ...chat, sub: "boris" });
    const second = await boris.openTab(chat.id);
    await second.nextFrame();

    await evictDurableObject(env.CHAT_ROOM.getByName(String(chat.id)));
    const waking = await ingestItems(chat, aText(chat, 2));
    await Promise.all([publishNow(waking), publishNow(waking)]);
    await publishNow(await ingestItems(chat, aText(chat, 3)));

    expect(await framesTo(tab, 3)).toEqual([2, 3]);
    expect(await framesTo(second, 3)).toEqual([2, 3]);
  });

  it("reaches a tab without gaps and in order when the room is evicted after each event", async ({
    expect,
  }) => {
    const { chat, tab } = await aChatWithTab();
    for (const seq of [2, 3, 4, 5]) {
      await publishNow(await ingestItems(chat, aText(chat, seq)));
      // The attachment may be older than the last event sent: that event is sent again, and the client drops it.
      await evictDurableObject(env.CHAT_ROOM.getByName(String(chat.id)));
    }
    await publishNow(await ingestItems(chat, aText(chat, 6)));

    const seqs = await framesTo(tab, 6);
    expect([...new Set(seqs)]).toEqual([2, 3, 4, 5, 6]);
    for (const [i, seq] of seqs.entries())
      expect(seq).toBeLessThanOrEqual(Math.max(1, ...seqs.slice(0, i)) + 1);
  });

  it("is saved as sent once the room has been idle for a while", async ({ expect }) => {
    const { chat, tab } = await aChatWithTab();
    const room = env.CHAT_ROOM.getByName(String(chat.id));
    await publishNow(await ingestItems(chat, aText(chat, 2)));
    const saved = () =>
      runInDurableObject(room, (_, state) =>
        state
          .getWebSockets()
          .map((socket) => (socket.deserializeAttachment() as { lastSeq: number }).lastSeq),
      );
    await expect.poll(saved).toEqual([2]);

    await evictDurableObject(room);
    await publishNow(await ingestItems(chat, aText(chat, 3)));
    expect(await framesTo(tab, 3)).toEqual([2, 3]);
  });

  it("that arrives during a client's catch-up follows the events that the client missed", async ({
    expect,
  }) => {
    const { chat, tab } = await aChatWithTab();
    const anna = await as(chat);
    const { epoch } = await load(anna, chat.id);
    await publishNow(await ingestItems(chat, aText(chat, 2)));

    const gate = aGate(CATCH_UP);
    const opening = anna.openTab(chat.id, `?since=1&epoch=${epoch}`);
    await gate.reached;
    const live = publishNow(await ingestItems(chat, aText(chat, 3)));
    expect(await framesTo(tab, 3)).toEqual([2, 3]);
    gate.open();
    await live;

    const late = await opening;
    expect(await late.nextFrame()).toMatchObject({ type: "hello", resume: "replay", head: 3 });
    await publishNow(await ingestItems(chat, aText(chat, 4)));
    expect(await framesTo(late, 4)).toEqual([2, 3, 4]);
  });
});

describe("an event published during the catch-up read and newer than that read", () => {
  it.for(["current", "replay"])(
    "follows at once for a client that resumes with %s",
    async (resume, { expect }) => {
      const { chat, tab } = await aChatWithTab();
      const anna = await as(chat);
      const { epoch } = await load(anna, chat.id);
      if (resume === "replay") await publishNow(await ingestItems(chat, aText(chat, 2)));
      const head = resume === "replay" ? 2 : 1;

      const gate = aGate(CATCH_UP, "answer");
      const opening = anna.openTab(chat.id, `?since=1&epoch=${epoch}`);
      await gate.reached;
      await publishNow(await ingestItems(chat, aText(chat, head + 1)));
      // The other tab has it, so the room may drop it from its buffer.
      await framesTo(tab, head + 1);
      gate.open();

      const late = await opening;
      expect(await late.nextFrame()).toMatchObject({ type: "hello", resume, head });
      expect(await framesTo(late, head + 1)).toEqual(resume === "replay" ? [2, 3] : [2]);
    },
  );
});

describe("a chat without an open socket", () => {
  it("is not published, and its rows are not even loaded", async ({ expect }) => {
    const chat = await aChat();
    const committed = await ingestItems(chat, aText(chat, 2));
    expect(committed.events).toMatchObject([{ seq: 2, message: null }]);
    expect(committed.chats).toMatchObject([{ watched: false, inboxWatched: false, chat: null }]);
    expect(publish(env, committed)).toEqual([]);
  });
});

async function aChatWithTab(): Promise<{ chat: Chat; tab: Tab }> {
  const chat = await aChat();
  const anna = await as(chat);
  const tab = await anna.openTab(chat.id);
  await tab.nextFrame();
  return { chat, tab };
}

/** Waits for an event, and returns the numbers of all events up to then. */
async function framesTo(tab: Tab, last: number): Promise<number[]> {
  const seqs = () => tab.frames.flatMap((frame) => (frame.type === "event" ? [frame.seq] : []));
  while (!seqs().includes(last)) await tab.nextFrame();
  return seqs();
}

function aText({ customer }: Chat, seq: number) {
  return aTextOf(`text ${seq}`, { from: customer });
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("expected a value");
  return value;
}
