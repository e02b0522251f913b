import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { db } from "../support/build.ts";
import { aRefusal } from "../support/gate.ts";
import { aLiveChat, graphCalls } from "../support/graph.ts";
import { at, bodiesAtMeta, type Chat, leftBehind, rowOf, senderOf } from "../support/left-behind.ts";

const OPEN = "'queued', 'sending', 'unknown'";

describe("a sender's alarm", () => {
  it("takes up again what Postgres did not take, with nobody else to ask for it", async ({ expect }) => {
    const chat = await aLiveChat();
    const id = await leftBehind(chat);
    const refused = aRefusal("claim_message");
    expect(await trySending(chat, id)).toBe("failed");
    refused.end();

    expect(await runDurableObjectAlarm(senderOf(chat))).toBe(true);

    await expect.poll(() => rowOf(id)).toMatchObject({ status: "accepted", attempts: 1 });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("is not deferred by what is sent meanwhile", async ({ expect }) => {
    const chat = await aLiveChat();
    await setAlarm(chat, 10_000);
    const before = await alarmOf(chat);

    await senderOf(chat).send(chat.id, await leftBehind(chat));

    expect(await alarmOf(chat)).toBe(before);
  });

  it("is set again while something has not come to rest, and no longer", async ({ expect }) => {
    const chat = await aLiveChat();
    const id = await leftBehind(chat, { status: "unknown", nextAttemptAt: at(50_000) });
    await senderOf(chat).sweep();
    expect(await runDurableObjectAlarm(senderOf(chat))).toBe(true);
    expect(await alarmOf(chat)).not.toBeNull();

    await db.execute(sql`update "Message" set "nextAttemptAt" = now() where id = ${id}`);
    for (let looks = 0; looks < 2; looks += 1) await runDurableObjectAlarm(senderOf(chat));
    expect(await rowOf(id)).toMatchObject({ status: "unconfirmed" });
    expect(await alarmOf(chat)).toBeNull();
  });

  it("that fails ten times is set again each time, and sends what waits in the end", async ({ expect }) => {
    const chat = await aLiveChat();
    const id = await leftBehind(chat);
    await setAlarm(chat, 60_000);
    const refused = aRefusal(OPEN);
    for (let failed = 1; failed <= 10; failed += 1) {
      expect(await runDurableObjectAlarm(senderOf(chat))).toBe(true);
      expect(refused.calls()).toBe(failed);
    }
    refused.end();

    expect(await runDurableObjectAlarm(senderOf(chat))).toBe(true);
    await expect.poll(() => rowOf(id)).toMatchObject({ status: "accepted", attempts: 1 });
  });
});

describe("a send that Postgres did not take", () => {
  it("holds up nothing behind it, and goes first all the same", async ({ expect }) => {
    const chat = await aLiveChat();
    const ids = [await leftBehind(chat, { body: "1" }), await leftBehind(chat, { body: "2" })];
    const refused = aRefusal("claim_message");
    const ends = ids.map((id) => trySending(chat, id));
    // All tries of the first, and one of the second: by then the first's turn is over.
    await expect.poll(refused.calls).toBe(6);
    refused.end();

    expect(await Promise.all(ends)).toMatchObject(["failed", { status: "accepted" }]);
    expect(await bodiesAtMeta(chat)).toEqual([{ body: "1" }, { body: "2" }]);
  });
});

async function trySending(chat: Chat, id: number) {
  return await senderOf(chat)
    .send(chat.id, id)
    .catch(() => "failed");
}

async function alarmOf(chat: Chat): Promise<number | null> {
  return await runInDurableObject(senderOf(chat), (_, { storage }) => storage.getAlarm());
}

async function setAlarm(chat: Chat, inMs: number): Promise<void> {
  await runInDurableObject(senderOf(chat), (_, { storage }) => storage.setAlarm(Date.now() + inMs));
}
