import { setTimeout } from "node:timers/promises";
import { describe, it } from "vitest";
import { messages } from "../../src/db/message-tables.ts";
import { finalState } from "../support/final-state.ts";
import { asAgent, aTextBody, deliver, ownSystem, postSigned } from "./own-system.ts";

const CHATS = 5;
const MESSAGES = 100;
const DELIVERIES = 5;
const NOON_S = Date.parse("2026-05-01T12:00:00Z") / 1000;

type Listed = { data: { id: number; head: number; contact: { phone: string } }[] };
type Log = { data: { seq: number }[] };

describe("the Worker as it is deployed, over a real Postgres", { timeout: 120_000 }, () => {
  const system = ownSystem();

  it("stores once what comes five times at once, and no reader ever sees a gap", async ({ expect }) => {
    const bodies = Array.from({ length: MESSAGES }, (_, n) =>
      aTextBody(`7916000000${n % CHATS}`, `wamid.${n}`, NOON_S + n),
    );
    const read = await asAgent(system.url);
    // Each chat's first, so that the readers have something to read from the start.
    for (const body of bodies.slice(0, CHATS)) await deliver(system.url, body);
    const list = async () => ((await (await read("/chats")).json()) as Listed).data;
    // On a busy machine some go into the spool, and come from there.
    await expect.poll(list).toHaveLength(CHATS);
    const chats = await list();
    const seen: number[] = [];
    const readEach = chats.map(({ id }) => async () => {
      const log = await readLog(read, id);
      expect(log.map(({ seq }) => seq)).toEqual(Array.from(log, (_, n) => n + 1));
      seen.push(log.length);
    });
    // A message and its redeliveries one after the other, so that all of them take several commits. Readers ask before,
    // among and after the posts: many commits share few moments, and what is asked for at once is answered at once.
    const posted = bodies.flatMap((body) => Array.from({ length: DELIVERIES }, () => body));
    const reading: Promise<void>[] = [];
    await Promise.all(
      posted.map(async (body, n) => {
        const readOne = readEach[n % CHATS];
        if (readOne && n % 4 === 0) reading.push(readOne());
        await deliver(system.url, body);
        if (readOne) reading.push(readOne());
      }),
    );
    await Promise.all(reading);

    expect(seen).toHaveLength(posted.length * 1.25);
    expect(new Set(seen).size).toBeGreaterThan(1);
    const heads = async () => (await list()).map(({ head }) => head);
    await expect.poll(heads).toEqual(Array(CHATS).fill(MESSAGES / CHATS));
    const { state, faults } = await finalState(system.database.db, 1);
    expect(faults).toEqual([]);
    expect(state.messages).toHaveLength(MESSAGES);
    for (const { unreadCount } of state.chats) expect(unreadCount).toBe(MESSAGES / CHATS);
  });

  it("shows readers a log that grows without a gap while ten deliver to one chat", async ({ expect }) => {
    const from = "79168880001";
    const id = await system.aChat(from);
    const read = await asAgent(system.url);
    const length = async () => (await readLog(read, id)).length;
    const seen = new Set<number>();
    const senders = Array.from({ length: 10 }, async (_, sender) => {
      for (let n = 0; n < 10; n += 1) {
        const body = aTextBody(from, `wamid.${sender}/${n}`, NOON_S + n);
        await deliver(system.url, body);
        const log = await readLog(read, id);
        expect(log.map(({ seq }) => seq)).toEqual(Array.from(log, (_, i) => i + 1));
        seen.add(log.length);
      }
    });
    await Promise.all(senders);
    await expect.poll(length).toBe(101);
    expect(seen.size).toBeGreaterThan(10);
  });

  it("is not held up by another chat that somebody has locked", async ({ expect }) => {
    const [held, free] = ["79169990001", "79169990002"] as const;
    for (const who of [held, free]) await system.aChat(who);
    const session = await system.database.session();
    await session.query("begin");
    await session.query(
      `select from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = '${held}' for update of c`,
    );
    const wamids = async () =>
      (await system.database.db.select({ wamid: messages.wamid }).from(messages)).map(({ wamid }) => wamid);
    const waiting = postSigned(system.url, aTextBody(held, "held", NOON_S));
    await expect.poll(() => system.database.waiting()).toHaveLength(1);
    expect(await postSigned(system.url, aTextBody(free, "free", NOON_S))).toBe(200);
    await expect.poll(wamids).toContain("free");
    expect(await wamids()).not.toContain("held");
    await session.query("rollback");
    await session.end();
    expect(await waiting).toBe(200);
    await expect.poll(wamids).toContain("held");
    expect((await wamids()).filter((wamid) => wamid === "held")).toHaveLength(1);
  });
});

/** The events of a chat. Asks again where a busy machine answers 503, or has closed a connection that was kept. */
async function readLog(read: Awaited<ReturnType<typeof asAgent>>, chatId: number): Promise<Log["data"]> {
  for (;;) {
    const answer = await read(`/chats/${chatId}/events?after=0`).catch(() => null);
    if (answer?.ok) return ((await answer.json()) as Log).data;
    await answer?.arrayBuffer();
    await setTimeout(100);
  }
}
