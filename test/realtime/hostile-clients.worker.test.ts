import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";
import { as } from "../support/as.ts";
import { aChat, anOrganization, type Ground } from "../support/build.ts";
import { publishNow } from "../support/publish-now.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import type { Tab } from "../support/tab.ts";

type Chat = Ground & { id: number; customer: string };

const SOCKETS_PER_AGENT = 100;
const MINUTE_MS = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

describe("P10: a client that sends too much", () => {
  it("is ignored, then closed, and does not disturb its colleagues", async ({ expect }) => {
    const chat = await aChat();
    const flood = await (await as(chat)).openTab(chat.id);
    const boriss = await (await as({ ...chat, sub: "boris" })).openTab(chat.id);
    await boriss.nextFrame();

    for (let count = 0; count < 1_000; count += 1) flood.send({ type: "typing" });
    expect(await flood.closed).toBe(4429);

    await publishNow(await ingestItems(chat, aText(chat)));
    await framesTo(boriss, 2);
    const forwarded = boriss.frames.filter(({ type }) => type === "typing").length;
    expect(forwarded).toBeGreaterThanOrEqual(100);
    expect(forwarded).toBeLessThan(1_000);
  });

  it("in one frame is closed with 1009", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    for (const tab of [await anna.openTab(chat.id), await anna.openInbox()]) {
      tab.send(JSON.stringify({ type: "ack", seq: 1, padding: "x".repeat(4_096) }));
      expect(await tab.closed).toBe(1009);
    }
  });

  it("may acknowledge each event of the longest replay at once", async ({ expect }) => {
    const chat = await aChat();
    const tab = await (await as(chat)).openTab(chat.id);
    for (const size of [200, 200]) await publishNow(await ingestItems(chat, ...texts(chat, size)));
    await framesTo(tab, 401);
    for (let seq = 2; seq <= 401; seq += 1) tab.send({ type: "ack", seq });
    await publishNow(await ingestItems(chat, aText(chat)));
    await framesTo(tab, 402);
    expect(tab.frames.at(-1)).toMatchObject({ seq: 402 });
  });
});

describe("P10: a client that vanished", () => {
  it("is detected by its missing heartbeats and removed from presence", async ({ expect }) => {
    const chat = await aChat();
    const gone = await (await as({ ...chat, name: "Anna" })).openTab(chat.id);
    const boriss = await (await as({ ...chat, sub: "boris" })).openTab(chat.id);
    await boriss.nextFrame();
    await heartbeat(gone);
    gone.send({ type: "viewing", visible: true });
    expect(await boriss.nextFrame()).toMatchObject({ type: "presence", agents: [{ name: "Anna" }] });

    vi.setSystemTime(Date.now() + 3 * MINUTE_MS);
    await runDurableObjectAlarm(roomOf(chat));
    expect(await gone.closed).toBe(1012);
    expect(await boriss.nextFrame()).toEqual({ type: "presence", agents: [] });
  });

  it("is not confused with one that is a heartbeat late", async ({ expect }) => {
    const chat = await aChat();
    const tab = await (await as(chat)).openTab(chat.id);
    await tab.nextFrame();
    await heartbeat(tab);
    vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
    await runDurableObjectAlarm(roomOf(chat));
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await tab.nextFrame()).toMatchObject({ seq: 2 });
  });
});

describe("P7: an inbox that stops reading", () => {
  it("is closed after 1,000 unacknowledged rows; one that acknowledges is not", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const [silent, attentive] = [await anna.openInbox(), await anna.openInbox()];
    for (const inbox of [silent, attentive]) await inbox.nextFrame();
    const { chats } = await ingestItems(chat, aText(chat));
    for (let sent = 1; sent <= 1_001; sent += 1) {
      await publishNow({ events: [], chats });
      await attentive.nextFrame();
      if (sent % 500 === 0) attentive.send({ type: "ack", seq: sent });
    }
    expect(await silent.closed).toBe(4408);
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await attentive.nextFrame()).toMatchObject({ type: "chat", chat: { head: 3 } });
  });
});

describe("S11: an agent who opens socket after socket", () => {
  it("is refused beyond 100 in one chat; colleagues and other chats are not affected", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const opening = Array.from({ length: SOCKETS_PER_AGENT + 10 }, () => anna.openTab(chat.id));
    const opened = await Promise.allSettled(opening);
    const refused = opened.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(10);
    for (const one of refused)
      expect(one).toMatchObject({ reason: { message: expect.stringContaining("429") } });

    await (await as({ ...chat, sub: "boris" })).openTab(chat.id);
    await anna.openTab((await aChat(chat)).id);
    // Concurrent requests arrive in any order.
    const [one] = opened.filter(({ status }) => status === "fulfilled");
    if (one?.status !== "fulfilled") throw new Error("no socket opened");
    one.value.close();
    await one.value.closed;
    await anna.openTab(chat.id);
  });

  it("is refused beyond 100 inboxes; other organizations are not affected", async ({ expect }) => {
    const anna = await as(await anOrganization());
    for (let count = 0; count < SOCKETS_PER_AGENT; count += 1) await anna.openInbox();
    await expect(anna.openInbox()).rejects.toThrow("429");
    await (await as(await anOrganization())).openInbox();
  });
});

async function heartbeat(tab: Tab): Promise<void> {
  const pong = tab.nextPong();
  tab.send("ping");
  await pong;
}

async function framesTo(tab: Tab, seq: number): Promise<void> {
  while (!tab.frames.some((frame) => frame.type === "event" && frame.seq === seq)) await tab.nextFrame();
}

function roomOf({ id }: Chat) {
  return env.CHAT_ROOM.getByName(String(id));
}

function texts(chat: Chat, count: number) {
  return Array.from({ length: count }, () => aText(chat));
}

function aText({ customer }: Chat) {
  return aTextOf("Hello?", { from: customer });
}
