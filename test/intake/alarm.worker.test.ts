import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { aChat } from "../support/build.ts";
import { aGate } from "../support/gate.ts";
import { captureLogs } from "../support/logs.ts";
import { aText, aWamid, deliver } from "../support/meta.ts";
import { chatOf, messageOf } from "../support/stored.ts";
import { AWAY, drain, forget, give, shards, spoolDepth } from "./shards.ts";

describe("P4: an intake's alarm", () => {
  it("is set again after each of ten failures, and drains the spool in the end", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const restore = await give(AWAY);
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Kept", wamid }));
    // The republish runs first, and its query throws while Postgres is unavailable.
    for (const shard of shards()) {
      if ((await shard.spoolState()).depth === 0) continue;
      await runInDurableObject(shard, (_, { storage }) => {
        storage.sql.exec("INSERT INTO unpublished VALUES (?)", chat.id);
      });
    }
    const logs = captureLogs();
    for (let failed = 0; failed < 10; failed += 1) {
      const ran = await Promise.all(shards().map((shard) => runDurableObjectAlarm(shard)));
      expect(ran.filter((did) => did)).toHaveLength(1);
    }
    logs.stop();
    expect(logs.lines).toHaveLength(10);
    expect(logs.lines).toEqual(Array(10).fill(expect.stringContaining("Spool not drained yet")));
    expect(await spoolDepth()).toBe(1);

    await restore();
    await drain();
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Kept", seq: 2 });
    expect(await spoolDepth()).toBe(0);
  });

  it("that the runtime dropped is set again by the next instance, for the drain and for the republish", async ({
    expect,
  }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const restore = await give(AWAY);
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Kept", wamid }));
    await giveUpAlarms();
    await restore();
    expect(await spoolDepth()).toBe(1);
    await forget();
    await drain();
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Kept", seq: 2 });

    const sql = (text: string) =>
      Promise.all(
        shards().map((shard) =>
          runInDurableObject(shard, (_, { storage }) => storage.sql.exec(text).toArray().length),
        ),
      );
    await sql(`INSERT INTO unpublished VALUES (${chat.id})`);
    await giveUpAlarms();
    await forget();
    await drain();
    expect(await sql("SELECT * FROM unpublished")).toEqual(shards().map(() => 0));
  });

  it("that is still running does not prevent another one for events spooled meanwhile", async ({
    expect,
  }) => {
    const chat = await aChat();
    const text = () => deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Kept" }));
    const restore = await give(AWAY);
    await text();
    // On a busy machine an alarm would fire automatically.
    await giveUpAlarms();
    await restore();
    const postgres = aGate("ingest(");
    for (const shard of shards()) await runInDurableObject(shard, (intake) => void intake.alarm?.());
    await postgres.reached;
    await giveUpAlarms();
    await text();
    expect(await spoolDepth()).toBe(2);
    const alarms = await Promise.all(
      shards().map((shard) => runInDurableObject(shard, (_, { storage }) => storage.getAlarm())),
    );
    expect(alarms.filter((ms) => ms !== null)).toHaveLength(1);
    postgres.open();
    await expect.poll(spoolDepth).toBe(0);
  });

  it("that fires twice at once, and again in the next instance, stores once", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const restore = await give(AWAY);
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Kept", wamid }));
    await restore();

    for (const shard of shards()) {
      await runInDurableObject(shard, async (intake) => {
        await Promise.all([intake.alarm?.(), intake.alarm?.()]);
      });
    }
    await forget();
    await drain();

    expect(await chatOf(chat)).toMatchObject({ head: 2, unreadCount: 2 });
    expect(await spoolDepth()).toBe(0);
  });
});

/** What the runtime does after six failures in a row. */
async function giveUpAlarms(): Promise<void> {
  for (const shard of shards()) await runInDurableObject(shard, (_, { storage }) => storage.deleteAlarm());
}
