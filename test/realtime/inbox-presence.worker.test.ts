import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, onTestFinished, vi } from "vitest";
import { as } from "../support/as.ts";
import { anOrganization, type Ground } from "../support/build.ts";
import type { Tab } from "../support/tab.ts";

const age = (ageMs: unknown) => ({ ageMs });

describe("the colleagues in the chats of a list", () => {
  it("are shown with the chat that they have open and where they type, until they leave it", async ({
    expect,
  }) => {
    const { annas, olegs } = await twoInboxes();
    const oleg = { agentId: expect.any(Number), name: "Oleg", ...age(expect.any(Number)) };
    olegs.send({ type: "presence", chatId: 7, typing: false });
    expect(await annas.nextFrame()).toEqual(presence({ chatId: 7, agents: [oleg], typing: [] }));
    olegs.send({ type: "presence", chatId: 7, typing: true });
    expect(await annas.nextFrame()).toEqual(presence({ chatId: 7, agents: [oleg], typing: [oleg] }));
    olegs.send({ type: "presence", chatId: 8, typing: false });
    expect(await annas.nextFrame()).toEqual(
      presence({ chatId: 7, agents: [], typing: [] }, { chatId: 8, agents: [oleg], typing: [] }),
    );
    olegs.send({ type: "presence", chatId: null, typing: false });
    expect(await annas.nextFrame()).toEqual(presence({ chatId: 8, agents: [], typing: [] }));
  });

  it("are sent together, as they are by then, and not when nothing has changed", async ({ expect }) => {
    const { annas, olegs, ground } = await twoInboxes();
    stoppedClock();
    const shown = new Map<number, number>();
    let frames = 0;
    const showNext = async () => {
      for (const { chatId, agents } of chatsOf(await annas.nextFrame())) shown.set(chatId, agents.length);
      frames++;
    };
    olegs.send({ type: "presence", chatId: 1, typing: true });
    await showNext();
    for (let chatId = 2; chatId <= 40; chatId++) olegs.send({ type: "presence", chatId, typing: true });
    while (!shown.get(40)) await showNext();
    expect(frames).toBeLessThan(20);
    expect(shown.size).toBe(40);
    expect([...shown].filter(([, agents]) => agents > 0)).toEqual([[40, 1]]);

    olegs.send({ type: "presence", chatId: 40, typing: false });
    expect(chatsOf(await annas.nextFrame())).toMatchObject([{ chatId: 40, typing: [] }]);
    for (let count = 0; count < 20; count++) olegs.send({ type: "presence", chatId: 40, typing: false });
    // What the hub sends next is about another agent: the signs that were only repeated caused nothing.
    const boriss = await anInbox({ ...ground, sub: "boris", name: "Boris" });
    expect(chatsOf(await boriss.nextFrame())).toMatchObject([{ chatId: 40 }]);
    boriss.send({ type: "presence", chatId: 9, typing: false });
    expect(chatsOf(await annas.nextFrame())).toMatchObject([{ chatId: 9, agents: [{ name: "Boris" }] }]);
  });

  it("are sent once to whoever comes, also after hibernation, with the age of their signs", async ({
    expect,
  }) => {
    const { annas, olegs, ground } = await twoInboxes();
    olegs.send({ type: "presence", chatId: 7, typing: true });
    await annas.nextFrame();
    await evictDurableObject(hubOf(ground));
    const clock = stoppedClock();
    clock.pass(20_000);
    const boriss = await anInbox({ ...ground, sub: "boris", name: "Boris" });
    const [chat, ...others] = chatsOf(await boriss.nextFrame());
    expect(others).toEqual([]);
    expect(chat).toMatchObject({ chatId: 7, agents: [{ name: "Oleg" }], typing: [] });
    expect(chat?.agents[0]?.ageMs).toBeGreaterThanOrEqual(20_000);
    olegs.close();
    for (const tab of [annas, boriss])
      expect(await tab.nextFrame()).toEqual(presence({ chatId: 7, agents: [], typing: [] }));

    clock.pass(1_000);
    boriss.send({ type: "presence", chatId: 8, typing: false });
    expect(chatsOf(await annas.nextFrame())).toMatchObject([{ chatId: 8 }]);
    clock.pass(90_000);
    const again = await anInbox({ ...ground, sub: "vera", name: "Vera" });
    again.send({ type: "presence", chatId: 5, typing: false });
    // Boris has said nothing for so long that nobody shows him.
    expect(chatsOf(await again.nextFrame())).toMatchObject([{ chatId: 5, agents: [{ name: "Vera" }] }]);
  });

  it("are there once, and for as long as one of their tabs is", async ({ expect }) => {
    const { annas, olegs, ground } = await twoInboxes();
    const again = await anInbox({ ...ground, sub: "oleg", name: "Oleg" });
    for (const tab of [olegs, again]) tab.send({ type: "presence", chatId: 7, typing: false });
    await expect
      .poll(() => chatsOf(annas.frames.at(-1) ?? {}))
      .toMatchObject([{ chatId: 7, agents: [{ name: "Oleg" }] }]);
    olegs.close();
    await olegs.closed;
    again.send({ type: "presence", chatId: 7, typing: true });
    await expect.poll(() => chatsOf(annas.frames.at(-1) ?? {})[0]?.typing).toMatchObject([{ name: "Oleg" }]);
    expect(annas.frames.flatMap(chatsOf).every(({ agents }) => agents.length === 1)).toBe(true);
    again.close();
    await expect.poll(() => chatsOf(annas.frames.at(-1) ?? {})[0]?.agents).toEqual([]);
  });

  it("are gone once their heartbeats are missing", async ({ expect }) => {
    const { annas, olegs, ground } = await twoInboxes();
    const pong = olegs.nextPong();
    olegs.send("ping");
    await pong;
    olegs.send({ type: "presence", chatId: 7, typing: false });
    await annas.nextFrame();
    stoppedClock().pass(180_000);
    await runDurableObjectAlarm(hubOf(ground));
    expect(await olegs.closed).toBe(1012);
    expect(await annas.nextFrame()).toEqual(presence({ chatId: 7, agents: [], typing: [] }));
  });

  it("are not shown to another organization, whose chats they may name", async ({ expect }) => {
    const { annas, olegs } = await twoInboxes();
    const theirs = await twoInboxes();
    olegs.send({ type: "presence", chatId: 7, typing: true });
    expect(chatsOf(await annas.nextFrame())).toHaveLength(1);
    theirs.olegs.send({ type: "presence", chatId: 8, typing: false });
    expect(chatsOf(await theirs.annas.nextFrame())).toMatchObject([{ chatId: 8 }]);
    expect(theirs.annas.frames).toHaveLength(2);
  });

  it.for([
    { type: "presence", chatId: "7", typing: true },
    { type: "presence", chatId: 0, typing: true },
    { type: "presence", chatId: 1.5, typing: true },
    { type: "presence", chatId: 7 },
    { type: "presence", typing: false },
    { type: "typing" },
    { type: "viewing", visible: true },
    "presence",
  ])("is closed for %j", async (frame, { expect }) => {
    const { annas, olegs } = await twoInboxes();
    olegs.send(frame);
    expect(await olegs.closed).toBe(4426);
    expect(annas.frames).toEqual([{ type: "hello" }]);
  });
});

const presence = (...chats: object[]) => ({ type: "presence", chats });

function chatsOf(frame: object) {
  return "chats" in frame ? (frame as Extract<Tab["frames"][number], { chats: unknown }>).chats : [];
}

async function anInbox(who: Parameters<typeof as>[0]): Promise<Tab> {
  const inbox = await (await as(who)).openInbox();
  await inbox.nextFrame();
  return inbox;
}

async function twoInboxes() {
  const ground = await anOrganization();
  const annas = await anInbox({ ...ground, sub: "anna", name: "Anna" });
  const olegs = await anInbox({ ...ground, sub: "oleg", name: "Oleg" });
  return { ground, annas, olegs };
}

function hubOf({ organizationId }: Ground) {
  return env.INBOX_HUB.getByName(String(organizationId));
}

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
