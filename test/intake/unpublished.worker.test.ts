import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, it, onTestFinished, vi } from "vitest";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aText, deliver } from "../support/meta.ts";
import { drain, give, shards } from "./shards.ts";

type Publication = { head: number; events: unknown[] };

/** Replaces the `publish` of all rooms. */
const rooms = (publish: (publication: Publication) => Promise<unknown>) => ({
  CHAT_ROOM: { getByName: () => ({ publish }) },
});
const gone = () => Promise.reject(new Error("the room is gone"));

/** When the shards' alarms are due. */
async function alarms(): Promise<(number | null)[]> {
  return await Promise.all(
    shards().map((shard) => runInDurableObject(shard, (_, { storage }) => storage.getAlarm())),
  );
}

describe("a publish that failed", () => {
  it("is repeated at its scheduled time, however many fail after it", async ({ expect }) => {
    const chat = await aChat();
    await (await as(chat)).openTab(chat.id);
    const text = () => deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Hello" }));
    // So far ahead that no alarm fires on its own.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const restore = await give(rooms(gone));
    await text();
    const due = await alarms();
    expect(due.filter((ms) => ms !== null)).toHaveLength(1);
    for (let i = 0; i < 3; i += 1) {
      vi.setSystemTime(Date.now() + 300);
      await text();
    }
    expect(await alarms()).toEqual(due);
    await restore();
    await drain();
  });

  it("is repeated until it succeeds", async ({ expect }) => {
    const chat = await aChat();
    const tab = await (await as(chat)).openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    const restore = await give(rooms(gone));
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Hello" }));
    for (const shard of shards()) await runDurableObjectAlarm(shard);
    await restore();
    await drain();
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
  });

  it("during the republish of an earlier one is republished as well", async ({ expect }) => {
    const chat = await aChat();
    const tab = await (await as(chat)).openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    const text = () => deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Hello" }));
    // Objects cannot wait for each other's promises.
    const room = { asked: 0, answers: false };
    const restore = await give(
      rooms(async ({ head, events }) => {
        if (events.length > 0) return await gone();
        room.asked = head;
        while (!room.answers) await scheduler.wait(1);
      }),
    );
    await text();
    const alarm = Promise.all(shards().map((shard) => runDurableObjectAlarm(shard)));
    while (room.asked === 0) await scheduler.wait(1);
    expect(room.asked).toBe(2);
    await text();
    room.answers = true;
    await alarm;

    await restore();
    await drain();
    for (const seq of [2, 3]) expect(await tab.nextFrame()).toMatchObject({ type: "event", seq });
  });
});
