import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aClient } from "../support/client-store.ts";
import { finalState } from "../support/final-state.ts";
import { type BreakableWorker, breakableWorker } from "./breakable-worker.ts";
import { lockSpools } from "./lock-storage.ts";
import { aTextBody, type OwnDatabase, ownDatabase, postSigned, together } from "./own-system.ts";

const NOON_S = Date.parse("2026-05-01T12:00:00Z") / 1000;
/** Enough customers for every shard to have some. */
const CUSTOMERS = 40;
/** As many as are stored at once. */
const LARGE_BODIES = 16;

describe("a webhook whose intake fails", () => {
  let database: OwnDatabase;
  let worker: BreakableWorker;
  let posted = 0;

  beforeAll(async () => {
    database = await ownDatabase();
    // What a shard does not answer is answered as soon as in production; a busy machine may be late, too.
    worker = await breakableWorker(database.databaseUrl, { define: { SUBMIT_LIMIT_MS: "2000" } });
  }, 120_000);

  afterAll(async () => {
    await worker?.close();
    await database?.drop();
  });

  /** A body with a text of each of as many customers who have never written. */
  function aBody(customers = CUSTOMERS): string {
    const texts = Array.from({ length: customers }, () => {
      posted += 1;
      return aTextBody(`7916300${String(posted).padStart(4, "0")}`, `wamid.${posted}`, NOON_S + posted);
    });
    return together(texts);
  }

  const stored = async () => (await database.query(`select from "Message"`)).length;

  /** As Meta does: at once, and again what is refused, as a busy machine may refuse any. */
  async function deliverAll(bodies: string[]): Promise<void> {
    await Promise.all(bodies.map(worker.deliver));
  }

  /** Everything that was ever posted is there, once: a customer has one text, which is number 1. */
  async function whole() {
    await expect.poll(worker.spooled).toBe(0);
    const { state, faults } = await finalState(database.db, 1);
    const heads = await database.query(`select from "Chat" where head <> 1`);
    return { messages: state.messages.length, faults, heads };
  }

  it("I12: in one shard of several is not acknowledged; when it comes again only that part changes", async ({
    expect,
  }) => {
    const [before, body] = [await stored(), aBody()];
    const heal = worker.throwAt("intake.take", "shard-2");
    expect(await worker.post(body)).toBe(503);
    await expect.poll(stored).toBeGreaterThan(before);
    // What a busy machine has spooled is stored as well.
    await expect.poll(worker.spooled).toBe(0);
    expect(await stored()).toBeLessThan(posted);
    const log = await database.query(`select * from "ChatEvent" order by "chatId", seq`);
    heal();

    await worker.deliver(body);

    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
    const after = await database.query(`select * from "ChatEvent" order by "chatId", seq`);
    expect(after).toEqual(expect.arrayContaining(log));
  });

  it("I13: so that a shard neither takes it nor refuses is not acknowledged, and stored once later", async ({
    expect,
  }) => {
    const body = aBody();
    const shard = worker.holdAt("intake.take", "shard-1");
    expect(await worker.post(body)).toBe(503);
    await shard.reached;
    const again = worker.deliver(body);
    shard.open();

    await again;
    await worker.deliver(body);
    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
  });

  it("D8: while Postgres is away too is not acknowledged, nothing is claimed, and all comes back", async ({
    expect,
  }) => {
    const [before, body] = [await stored(), aBody()];
    worker.database("refuse");
    const heal = worker.throwAt("intake.take");
    expect(await worker.post(body)).toBe(503);
    heal();
    worker.database("forward");
    expect(await stored()).toBe(before);
    expect(await worker.spooled()).toBe(0);

    await worker.deliver(body);
    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
  });

  it("I4: as its spool cannot be written is not acknowledged, and stored when it comes again", async ({
    expect,
  }) => {
    // All shards are awake, and have their files.
    await worker.deliver(aBody());
    await expect.poll(stored).toBe(posted);
    const [before, body] = [posted, aBody()];
    worker.database("refuse");
    const release = await lockSpools(worker.dataDir);
    expect(await worker.post(body)).toBe(503);
    release();
    worker.database("forward");
    expect(await stored()).toBe(before);

    await worker.deliver(body);
    expect(await whole()).toEqual({ messages: posted, faults: [], heads: [] });
  });

  it("P3: in publishing to a room that cannot start is acknowledged, read over REST, and shown once the room can", async ({
    expect,
  }) => {
    await worker.deliver(aBody(1));
    const customer = `7916300${String(posted).padStart(4, "0")}`;
    const watched = async () =>
      (await database.query(
        `update "Chat" c set "watchedUntil" = now() + interval '1 hour' from "Contact" k
         where k.id = c."contactId" and k.phone = '${customer}' returning c.id`,
      )) as { id: number }[];
    await expect.poll(watched).toHaveLength(1);
    const [chat] = await watched();
    const id = chat?.id ?? 0;
    const heal = worker.throwAt("room.constructor");
    await worker.deliver(aTextBody(customer, "wamid.second", NOON_S));
    const list = async () => await (await worker.client.get(`/chats/${id}/messages`)).json();
    await expect.poll(list).toMatchObject({ data: [{}, {}].map(() => ({ chatId: id })) });
    await expect.poll(() => worker.met).toContain("room.constructor");
    await expect(aClient(worker.client, id)).rejects.toThrow("503");

    heal();
    await expect.poll(() => aClient(worker.client, id).then(({ state }) => state().seq)).toBe(2);
  });

  it("I28: which large bodies have filled refuses the next of them, and no small one", async ({ expect }) => {
    const [before, customer] = [await stored(), "79163009999"];
    const aLargeBody = (n: number) =>
      aTextBody(customer, `wamid.large.${n}`, NOON_S).replace(
        `"body":"wamid.large.${n}"`,
        `"body":"${"Ж".repeat(65_000)}"`,
      );
    const slices = worker.holdAt("worker.afterSlice");
    const large = Array.from({ length: LARGE_BODIES }, (_, n) => worker.post(aLargeBody(n)));
    const taken = async () => (await stored()) - before + ((await worker.spooled()) ?? 0);
    await expect.poll(taken).toBe(LARGE_BODIES);

    expect(await worker.post(aLargeBody(LARGE_BODIES))).toBe(503);
    const small = worker.post(aTextBody(customer, "wamid.small", NOON_S));
    slices.open();
    await Promise.all([...large, small]);
    const bodies = Array.from({ length: LARGE_BODIES + 1 }, (_, n) => aLargeBody(n));
    await deliverAll([...bodies, aTextBody(customer, "wamid.small", NOON_S)]);
    await expect.poll(worker.spooled).toBe(0);
    expect((await finalState(database.db, 1)).faults).toEqual([]);
    expect((await stored()) - before).toBe(LARGE_BODIES + 2);
  });

  it("I28: which large bodies have filled has room again when their senders are gone", async ({ expect }) => {
    const aLargeBody = (n: number) =>
      aTextBody("79163009998", `wamid.left.${n}`, NOON_S).replace(
        `"body":"wamid.left.${n}"`,
        `"body":"${"Ж".repeat(65_000)}"`,
      );
    const before = await stored();
    const slices = worker.holdAt("worker.afterSlice");
    const sender = new AbortController();
    for (let n = 0; n < LARGE_BODIES; n += 1)
      postSigned(worker.url, aLargeBody(n), sender.signal).catch(() => undefined);
    await expect
      .poll(async () => (await stored()) - before + ((await worker.spooled()) ?? 0))
      .toBe(LARGE_BODIES);
    sender.abort();
    slices.open();
    for (let n = 0; n < 3; n += 1)
      await deliverAll(Array.from({ length: LARGE_BODIES }, (_, n) => aLargeBody(n)));
  });

  it("W12: is not blocked by large bodies whose senders leave in the middle", async () => {
    const { port, hostname } = new URL(worker.url);
    for (let n = 0; n < 24; n += 1) {
      const socket = connect(Number(port), hostname);
      await once(socket, "connect");
      socket.write(
        "POST /api/waba/webhook HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=00\r\ncontent-length: 4000000\r\n\r\n",
      );
      await new Promise((resolve) => socket.write("x".repeat(2_000_000), resolve));
      // The Worker reads some of it, however much: what is destroyed at once may never reach it.
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.destroy();
    }
    const body = together([aTextBody("79163009997", "wamid.after", NOON_S)]).replace(
      `"body":"wamid.after"`,
      `"body":"${"Ж".repeat(65_000)}"`,
    );
    await deliverAll([body]);
  });
});
