import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, onTestFinished, vi } from "vitest";
import { as } from "../support/as.ts";
import { aChat, type Ground } from "../support/build.ts";
import { publishNow } from "../support/publish-now.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import type { Tab } from "../support/tab.ts";

type Chat = Ground & { id: number; customer: string };

describe("a chat's socket", () => {
  it("is closed when its token has expired, and the others are not", async ({ expect }) => {
    const chat = await aChat();
    const boris = await as({ ...chat, sub: "boris" });
    const stays = await boris.openTab(chat.id);
    const anna = await as({ ...chat, expiresAt: new Date() });
    const tab = await anna.openTab(chat.id);
    await runDurableObjectAlarm(roomOf(chat));
    expect(await tab.closed).toBe(4401);

    await publishNow(await ingestItems(chat, aText(chat)));
    expect([await stays.nextFrame(), await stays.nextFrame()]).toMatchObject([{ type: "hello" }, { seq: 2 }]);
  });

  it.for([
    { title: "no JSON", frame: "not json" },
    { title: "JSON null", frame: "null" },
    { title: "an unknown type", frame: { type: "nonsense" } },
    { title: "an ack without a number", frame: { type: "ack" } },
    { title: "a negative number", frame: { type: "sync", seq: -1 } },
    { title: "a fraction", frame: { type: "ack", seq: 1.5 } },
    { title: "viewing without a boolean", frame: { type: "viewing", visible: "yes" } },
    { title: "bytes", frame: new TextEncoder().encode('{"type":"typing"}').buffer },
  ])("is closed when it sends $title: the page is of another version", async ({ frame }, { expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    tab.send(frame);
    expect(await tab.closed).toBe(4426);
  });

  it("is closed with over 1,000 unacknowledged events; one that acknowledges is not", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const [silent, attentive] = [await anna.openTab(chat.id), await anna.openTab(chat.id)];
    let head = 1;
    for (let batch = 0; batch < 6; batch += 1) {
      await publishNow(await ingestItems(chat, ...Array.from({ length: 200 }, () => aText(chat))));
      head += 200;
      while (lastSeq(attentive.frames) < head) await attentive.nextFrame();
      attentive.send({ type: "ack", seq: head });
    }
    expect(head - 1).toBeGreaterThan(1_000);

    expect(await silent.closed).toBe(4408);
    await publishNow(await ingestItems(chat, aText(chat)));
    expect(await attentive.nextFrame()).toMatchObject({ seq: head + 1 });
  });

  it("has its heartbeat answered while the room stays hibernated", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    await evictDurableObject(roomOf(chat));
    const pong = tab.nextPong();
    tab.send("ping");
    await pong;
    // Only a room that is awake can be evicted.
    await expect(evictDurableObject(roomOf(chat))).rejects.toThrow();
    tab.send({ type: "viewing", visible: true });
    await tab.nextFrame();
    await tab.nextFrame();
    await evictDurableObject(roomOf(chat));
  });

  it("answers the client's close with the client's code", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    tab.close(4000);
    expect(await tab.closed).toBe(4000);
  });
});

describe("typing and presence", () => {
  it("show the others in the chat who is typing, and no one else", async ({ expect }) => {
    const { chat, annas, boriss, elsewhere, other } = await twoInAChat();
    annas.send({ type: "typing" });
    expect(await boriss.nextFrame()).toMatchObject({ type: "typing", name: "Anna" });

    await publishNow(await ingestItems(chat, aText(chat)));
    await publishNow(await ingestItems(other, aText(other)));
    // Frames keep order: had typing been sent here, it would come before this event.
    expect(await annas.nextFrame()).toMatchObject({ type: "event" });
    expect(await elsewhere.nextFrame()).toMatchObject({ type: "event" });
  });

  it("show everyone in the chat who has it in view, also after hibernation, until they leave", async ({
    expect,
  }) => {
    const { chat, annas, boriss, elsewhere, other } = await twoInAChat();
    annas.send({ type: "viewing", visible: true });
    const anna = { agentId: expect.any(Number), name: "Anna", ageMs: expect.any(Number) };
    expect(await boriss.nextFrame()).toEqual({ type: "presence", agents: [anna] });
    expect(await annas.nextFrame()).toEqual({ type: "presence", agents: [anna] });

    await evictDurableObject(roomOf(chat));
    boriss.send({ type: "viewing", visible: true });
    const both = [anna, { ...anna, name: "Boris" }];
    expect(await boriss.nextFrame()).toEqual({ type: "presence", agents: both });
    annas.close();
    expect(await boriss.nextFrame()).toEqual({ type: "presence", agents: [both[1]] });
    boriss.send({ type: "viewing", visible: false });
    expect(await boriss.nextFrame()).toEqual({ type: "presence", agents: [] });

    await publishNow(await ingestItems(other, aText(other)));
    expect(await elsewhere.nextFrame()).toMatchObject({ type: "event" });
  });

  it("list an agent once who has the chat open twice", async ({ expect }) => {
    const { chat, annas, boriss } = await twoInAChat();
    const again = await (await as({ ...chat, sub: "anna", name: "Anna" })).openTab(chat.id);
    annas.send({ type: "viewing", visible: true });
    await boriss.nextFrame();
    again.send({ type: "viewing", visible: true });
    expect(await boriss.nextFrame()).toMatchObject({ agents: [{ name: "Anna" }] });
    again.close();
    expect(await boriss.nextFrame()).toMatchObject({ agents: [{ name: "Anna" }] });
  });
});

describe("a sign that an agent gives again", () => {
  const ages = async (tab: Tab) => {
    const frame = await tab.nextFrame();
    if (frame.type !== "presence" || !("agents" in frame))
      throw new Error(`${frame.type} instead of presence`);
    return Object.fromEntries(frame.agents.map(({ name, ageMs }) => [name, ageMs]));
  };

  it("makes them as fresh as it is, and nobody else", async ({ expect }) => {
    const { annas, boriss } = await twoInAChat();
    const clock = stoppedClock();
    annas.send({ type: "viewing", visible: true });
    expect(await ages(boriss)).toEqual({ Anna: 0 });
    clock.pass(20_000);
    boriss.send({ type: "viewing", visible: true });
    expect(await ages(boriss)).toEqual({ Anna: 20_000, Boris: 0 });
    clock.pass(5_000);
    annas.send({ type: "viewing", visible: true });
    expect(await ages(boriss)).toEqual({ Anna: 0, Boris: 5_000 });
  });

  it("is not sent on at once to those who have just heard of everybody", async ({ expect }) => {
    const { annas, boriss } = await twoInAChat();
    stoppedClock();
    annas.send({ type: "viewing", visible: true });
    expect(await ages(boriss)).toEqual({ Anna: 0 });
    for (let count = 0; count < 10; count += 1) annas.send({ type: "viewing", visible: true });
    annas.send({ type: "viewing", visible: false });
    expect(await ages(boriss)).toEqual({});
    expect(await ages(annas)).toEqual({ Anna: 0 });
    expect(await ages(annas)).toEqual({});
  });

  it("is sent on at once when nobody shows its agent any more", async ({ expect }) => {
    const { annas, boriss } = await twoInAChat();
    const clock = stoppedClock();
    annas.send({ type: "viewing", visible: true });
    expect(await ages(boriss)).toEqual({ Anna: 0 });
    clock.pass(10 * 60_000);
    boriss.send({ type: "viewing", visible: true });
    expect(await ages(boriss)).toEqual({ Anna: 600_000, Boris: 0 });
    annas.send({ type: "viewing", visible: true });
    expect(await ages(boriss)).toEqual({ Anna: 0, Boris: 0 });
  });
});

/** Time that passes only when the test says so. */
function stoppedClock() {
  let nowMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
  onTestFinished(() => void vi.useRealTimers());
  return {
    pass: (ms: number) => {
      nowMs += ms;
      vi.setSystemTime(nowMs);
    },
  };
}

async function twoInAChat() {
  const chat = await aChat();
  const other = await aChat(chat);
  const anna = await as({ ...chat, sub: "anna", name: "Anna" });
  const boris = await as({ ...chat, sub: "boris", name: "Boris" });
  const annas = await anna.openTab(chat.id);
  const boriss = await boris.openTab(chat.id);
  const elsewhere = await anna.openTab(other.id);
  for (const tab of [annas, boriss, elsewhere]) await tab.nextFrame();
  return { chat, other, annas, boriss, elsewhere };
}

function roomOf({ id }: Chat) {
  return env.CHAT_ROOM.getByName(String(id));
}

function lastSeq(frames: object[]): number {
  const last = frames.at(-1);
  return last && "seq" in last && typeof last.seq === "number" ? last.seq : 0;
}

function aText({ customer }: Chat) {
  return aTextOf("Hello?", { from: customer });
}
