import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadBy } from "../support/client-state.ts";
import { aClient } from "../support/client-store.ts";
import { finalState } from "../support/final-state.ts";
import { type BreakableWorker, breakableWorker } from "./breakable-worker.ts";
import { aTextBody, type OwnDatabase, ownDatabase, together } from "./own-system.ts";

const NOON_S = Date.parse("2026-05-01T12:00:00Z") / 1000;
/** How many events a drain takes at once. */
const BATCH = 200;
/** How many events a call to a shard has at most. */
const SLICE = 500;

describe("a webhook whose Worker is killed", { timeout: 90_000 }, () => {
  let database: OwnDatabase;
  let worker: BreakableWorker;
  /** The wamid of every message that was ever posted. */
  const posted: string[] = [];
  let customers = 0;

  beforeAll(async () => {
    database = await ownDatabase();
    // On a busy machine a kill takes longer than an event waits before it goes to the spool, and is acknowledged.
    worker = await breakableWorker(database.databaseUrl, { define: { HEDGE_MS: "20000" } });
  }, 120_000);

  afterAll(async () => {
    await worker?.close();
    await database?.drop();
  });

  /** A chat with one text, a client that has it open, and the body of the next texts. */
  async function aWatchedChat() {
    customers += 1;
    const customer = `7916100${String(customers).padStart(4, "0")}`;
    const text = () => {
      const wamid = `wamid.${posted.length + 1}`;
      posted.push(wamid);
      return aTextBody(customer, wamid, NOON_S + posted.length);
    };
    await worker.deliver(text());
    const [chat] = (await database.query(
      `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = '${customer}'`,
    )) as { id: number }[];
    if (!chat) throw new Error("the first text made no chat");
    return { id: chat.id, text, client: await aClient(worker.client, chat.id) };
  }

  /** What the client has once it is back must be what a fresh load gives; and nothing of all is lost, doubled or left over. */
  async function wholeAgain(chat: Awaited<ReturnType<typeof aWatchedChat>>, head: number) {
    await expect.poll(worker.spooled).toBe(0);
    await chat.client.connect();
    const state = await chat.client.reach(head);
    await chat.client.disconnect();
    const fresh = await loadBy(worker.client.get, chat.id);
    const { state: all, faults } = await finalState(database.db, 1);
    return {
      state,
      fresh,
      faults,
      wamids: all.messages.map(({ wamid }) => wamid).sort(),
    };
  }

  const whole = (head: number, fresh: object) => ({
    state: fresh,
    fresh: { ...fresh, seq: head },
    faults: [],
    wamids: posted.toSorted(),
  });

  it.for<[string, string]>([
    ["P1", "worker.afterVerify"],
    ["I1", "intake.beforeCommit"],
    ["I2", "intake.afterCommit"],
    ["I2", "intake.midPublish"],
    ["P1", "worker.afterIntake"],
  ])(
    "%s: at %s is not acknowledged, and stored and shown when it comes again",
    async ([, point], { expect }) => {
      const chat = await aWatchedChat();
      const body = chat.text();
      const killed = worker.killAt(point);

      expect(await worker.post(body)).toBe(0);
      await killed;
      const inbox = await worker.client.openInbox();
      expect(await inbox.nextFrame()).toMatchObject({ type: "hello" });
      await worker.deliver(body);

      // Also what was stored already is published, with its old number.
      expect(await inbox.nextFrame()).toMatchObject({ type: "chat", chat: { id: chat.id, head: 2 } });
      inbox.close();
      const after = await wholeAgain(chat, 2);
      expect(after).toEqual(whole(2, after.fresh));
    },
  );

  it("I1: while Postgres works at it is stored once, whether or not that commit succeeds", async ({
    expect,
  }) => {
    const chat = await aWatchedChat();
    const body = chat.text();
    const session = await database.session();
    await session.query(`begin; select from "Chat" where id = ${chat.id} for update`);
    const waiting = async () => (await database.waiting()).length;
    const killed = worker.killAt("intake.commitSent", () => expect.poll(waiting).toBe(1));

    expect(await worker.post(body)).toBe(0);
    await killed;
    await session.query("rollback");
    await session.end();
    await worker.deliver(body);

    const after = await wholeAgain(chat, 2);
    expect(after).toEqual(whole(2, after.fresh));
  });

  it("I23: between two slices of a large body is stored once when that comes again", async ({ expect }) => {
    const chat = await aWatchedChat();
    const body = together(Array.from({ length: SLICE + 5 }, () => chat.text()));
    const killed = worker.killAt("worker.afterSlice");

    expect(await worker.post(body)).toBe(0);
    await killed;
    await expect.poll(() => worker.spooled()).toBe(0);
    const stored = `select from "Message" where "chatId" = ${chat.id}`;
    expect(await database.query(stored)).toHaveLength(1 + SLICE);
    for (let n = 0; n < 2; n += 1) await worker.deliver(body);

    const after = await wholeAgain(chat, SLICE + 6);
    expect(after).toEqual(whole(SLICE + 6, after.fresh));
  });

  it("I3: once it is in the spool is stored without coming again, and once when it does", async ({
    expect,
  }) => {
    const chat = await aWatchedChat();
    const body = chat.text();
    worker.database("unavailable");
    const killed = worker.killAt("intake.afterSpool");

    expect(await worker.post(body)).toBe(0);
    await killed;
    worker.database("forward");
    await expect.poll(() => worker.spooled()).toBe(0);
    const stored = `select from "Message" where wamid = 'wamid.${posted.length}'`;
    expect(await database.query(stored)).toHaveLength(1);
    await worker.deliver(body);

    const after = await wholeAgain(chat, 2);
    expect(after).toEqual(whole(2, after.fresh));
  });

  it.for(["intake.drainedNotDeleted", "intake.midDrain"])(
    "I3: at %s, while the spool is emptied, is stored once",
    async (point, { expect }) => {
      const chat = await aWatchedChat();
      const bodies = Array.from({ length: BATCH + 5 }, () => chat.text());
      worker.database("unavailable");
      expect(await worker.post(together(bodies))).toBe(200);
      const killed = worker.killAt(point, async () => {
        const stored = `select from "Message" where "chatId" = ${chat.id}`;
        expect(await database.query(stored)).toHaveLength(1 + BATCH);
      });

      worker.database("forward");
      await killed;
      await expect.poll(() => worker.spooled()).toBe(0);

      const after = await wholeAgain(chat, BATCH + 6);
      expect(after).toEqual(whole(BATCH + 6, after.fresh));
    },
  );

  it("I19: once its publishing was cut off is published when the object is back", async ({ expect }) => {
    const chat = await aWatchedChat();
    await chat.client.disconnect();
    // Somebody watches, for all that Postgres knows, and the room cannot be reached.
    const heal = worker.throwAt("room.constructor");
    await worker.killNow();
    await database.query(
      `update "Chat" set "watchedUntil" = now() + interval '1 hour' where id = ${chat.id}`,
    );
    const killed = worker.killAt("intake.afterMark");
    const alarm = worker.holdAt("intake.alarm");

    expect(await worker.post(chat.text())).toBe(0);
    await killed;
    heal();
    const inbox = await worker.client.openInbox();
    expect(await inbox.nextFrame()).toMatchObject({ type: "hello" });
    alarm.open();

    expect(await inbox.nextFrame()).toMatchObject({ type: "chat", chat: { id: chat.id, head: 2 } });
    inbox.close();
    const after = await wholeAgain(chat, 2);
    expect(after).toEqual(whole(2, after.fresh));
  });
});
