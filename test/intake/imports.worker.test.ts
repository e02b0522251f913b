import { describe, it, onTestFinished, vi } from "vitest";
import { as } from "../support/as.ts";
import { aChat, aCustomer } from "../support/build.ts";
import { historyBody, oldMessages } from "../support/history.ts";
import { captureLogs } from "../support/logs.ts";
import { aText, aWamid, deliver, post } from "../support/meta.ts";
import { chatOf, chatsOf, messageOf, messagesWhere } from "../support/stored.ts";
import { AWAY, drain, give, rename, shards, spoolDepth } from "./shards.ts";

const YESTERDAY = Math.floor(Date.now() / 1000) - 86_400;

/** The alarm is due at once, so it may already be running. */
async function imported(): Promise<void> {
  await vi.waitFor(
    async () => {
      await drain();
      if ((await waitingImports()) > 0) throw new Error("old messages still wait");
    },
    { timeout: 50_000 },
  );
}

async function waitingImports(): Promise<number> {
  const states = await Promise.all(shards().map((shard) => shard.spoolState()));
  return states.reduce((sum, { imports }) => sum + imports, 0);
}

describe("the history of a phone", () => {
  it("is acknowledged from a separate spool, and stored from there", async ({ expect }) => {
    const chat = await aChat();
    const { unreadCount, lastInboundAt } = await chatOf(chat);
    const olds = oldMessages([chat.customer], 450, YESTERDAY, aWamid());
    const chunks = [olds.filter((_, i) => i % 2 === 1), olds.filter((_, i) => i % 2 === 0)];
    const { lines, stop } = captureLogs();
    onTestFinished(stop);
    for (const [i, chunk] of chunks.entries()) {
      const body = JSON.stringify(historyBody(chat.phoneNumberId, i, chunk));
      expect((await post(body)).status).toBe(200);
    }
    await imported();
    expect(await chatOf(chat)).toMatchObject({ head: 451, unreadCount, lastInboundAt });

    const anna = await as(chat);
    const answer = await anna.get(`/chats/${chat.id}/messages?limit=100`);
    const { data } = (await answer.json()) as { data: { body: string; createdAt: string }[] };
    const expected = olds.slice(0, 99).toReversed();
    expect(data.map(({ body }) => body)).toEqual([...expected.map(({ text }) => text), "Hello"]);
    const imports = lines.filter((line) => line.includes("WABA: History imported"));
    expect(
      imports.map((line) => JSON.parse(line.replace(/^[^{]*/, "")).count).reduce((a, b) => a + b, 0),
    ).toBe(450);
    expect(imports.length).toBeLessThan(10);
    expect(lines.filter((line) => /Incoming message|Status/.test(line))).toEqual([]);
  });

  it("waits apart from new events while Postgres is unavailable, and is complete afterwards", async ({
    expect,
  }) => {
    const chat = await aChat();
    const olds = oldMessages([chat.customer, aCustomer()], 20, YESTERDAY, aWamid());
    const wamid = aWamid();
    const restore = await give(AWAY);
    const body = JSON.stringify(historyBody(chat.phoneNumberId, 0, olds));
    for (let i = 0; i < 2; i += 1) expect((await post(body)).status).toBe(200);
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Live", wamid }));
    expect([await spoolDepth(), await waitingImports()]).toEqual([1, 40]);
    await restore();
    await imported();
    expect([await spoolDepth(), await waitingImports()]).toEqual([0, 0]);
    expect(await messageOf(chat, wamid)).toMatchObject({ seq: 2, isHistory: false });
    expect(await messagesWhere(chat)).toHaveLength(22);
    expect((await chatsOf(chat)).map(({ unreadCount }) => unreadCount)).toEqual([2, 0]);
  });

  it("is not acknowledged when its spool fails", async ({ expect }) => {
    const chat = await aChat();
    const olds = oldMessages([chat.customer], 2, YESTERDAY, aWamid());
    const body = JSON.stringify(historyBody(chat.phoneNumberId, 0, olds));
    await rename("imports", "lost");
    expect((await post(body)).status).toBe(503);
    await rename("lost", "imports");
    expect(await waitingImports()).toBe(0);
    expect((await post(body)).status).toBe(200);
    await imported();
    expect(await chatOf(chat)).toMatchObject({ head: 3 });
  });

  it("of thousands of messages in 3 MB is accepted whole", async ({ expect }) => {
    const chat = await aChat();
    const olds = oldMessages([chat.customer], 2_500, YESTERDAY, aWamid()).map((old) => ({
      ...old,
      text: old.text.padEnd(1_000, " and on"),
    }));
    const body = JSON.stringify(historyBody(chat.phoneNumberId, 0, olds));
    expect(body.length).toBeGreaterThan(2_500_000);
    const restore = await give(AWAY);
    expect((await post(body)).status).toBe(200);
    expect(await waitingImports()).toBe(2_500);
    await restore();
    await imported();
    expect(await chatOf(chat)).toMatchObject({ head: 2_501, unreadCount: 1 });
  }, 60_000);
});
