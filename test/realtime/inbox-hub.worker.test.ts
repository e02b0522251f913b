import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, onTestFinished, vi } from "vitest";
import type { Chat } from "../../src/domain/chat.ts";
import { as } from "../support/as.ts";
import { aChat, anOrganization, type Ground } from "../support/build.ts";
import { load } from "../support/client-store.ts";
import { deliverAndStore } from "../support/meta.ts";
import { publishNow } from "../support/publish-now.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import { isInboxWatched, unwatchInbox } from "../support/watched.ts";

describe("an inbox", () => {
  it("receives a changed chat's row as the list has it", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const inbox = await anna.openInbox();
    expect(await inbox.nextFrame()).toEqual({ type: "hello" });

    await deliverAndStore(chat.phoneNumberId, aTextOf("Anyone?", { from: chat.customer }));

    const list = await (await anna.get("/chats")).json<{ data: Chat[] }>();
    expect(list.data).toMatchObject([{ id: chat.id, head: 2, lastMessage: { body: "Anyone?" } }]);
    expect(await inbox.nextFrame()).toEqual({ type: "chat", chat: list.data[0] });
  });

  it("receives a new chat", async ({ expect }) => {
    const ground = await anOrganization();
    const inbox = await (await as(ground)).openInbox();
    await inbox.nextFrame();
    const chat = await aChat(ground);
    expect(await inbox.nextFrame()).toMatchObject({ type: "chat", chat: { id: chat.id, unreadCount: 1 } });
  });

  it("receives one frame for many changes in one commit, and no row older than the last", async ({
    expect,
  }) => {
    const { chat, inbox } = await anInbox();
    const older = await ingestItems(chat, text(chat), text(chat), text(chat));
    const newer = await ingestItems(chat, text(chat));
    await publishNow(newer);
    await publishNow(older);
    await publishNow(newer);
    await publishNow(await ingestItems(chat, text(chat)));

    const heads = [await inbox.nextFrame(), await inbox.nextFrame(), await inbox.nextFrame()].map(headOf);
    expect(heads).toEqual([5, 5, 6]);
  });

  it("receives a row with a lower number once the last is minutes old: the database was restored", async ({
    expect,
  }) => {
    const { chat, inbox } = await anInbox();
    const restored = await ingestItems(chat, text(chat));
    const lost = await ingestItems(chat, text(chat));
    await publishNow(lost);
    await publishNow(restored);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3 * 60_000 });
    onTestFinished(() => void vi.useRealTimers());
    await publishNow(restored);
    expect([await inbox.nextFrame(), await inbox.nextFrame()].map(headOf)).toEqual([3, 2]);
  });

  it("receives a chat once when several commits are published together", async ({ expect }) => {
    const { chat, inbox } = await anInbox();
    const parts = [await ingestItems(chat, text(chat)), await ingestItems(chat, text(chat))];
    await publishNow({
      events: parts.flatMap(({ events }) => events),
      chats: parts.flatMap(({ chats }) => chats).reverse(),
    });
    await publishNow(await ingestItems(chat, text(chat)));
    expect([await inbox.nextFrame(), await inbox.nextFrame()].map(headOf)).toEqual([3, 4]);
  });

  it("receives rows after the hub has hibernated", async ({ expect }) => {
    const { chat, inbox } = await anInbox();
    await evictDurableObject(hubOf(chat));
    await deliverAndStore(chat.phoneNumberId, text(chat));
    expect(headOf(await inbox.nextFrame())).toBe(2);
  });

  it("receives nothing of another organization", async ({ expect }) => {
    const mine = await anInbox();
    const theirs = await anInbox();
    await deliverAndStore(theirs.chat.phoneNumberId, text(theirs.chat));
    expect(headOf(await theirs.inbox.nextFrame())).toBe(2);
    await deliverAndStore(mine.chat.phoneNumberId, text(mine.chat));
    expect(await mine.inbox.nextFrame()).toMatchObject({ chat: { id: mine.chat.id } });
    expect(mine.inbox.frames).toHaveLength(2);
    expect(theirs.inbox.frames).toHaveLength(2);
  });

  it("has its hub called only while it is open", async ({ expect }) => {
    const chat = await aChat();
    expect((await ingestItems(chat, text(chat))).chats).toMatchObject([{ inboxWatched: false }]);
    const inbox = await (await as(chat)).openInbox();
    expect(await isInboxWatched(chat.organizationId)).toBe(true);
    expect((await ingestItems(chat, text(chat))).chats).toMatchObject([
      { inboxWatched: true, watched: false },
    ]);

    inbox.close();
    await inbox.closed;
    await runDurableObjectAlarm(hubOf(chat));
    await expect.poll(() => isInboxWatched(chat.organizationId)).toBe(false);
  });

  it("is closed to load again when its watch lease had lapsed: updates were missed", async ({ expect }) => {
    const { chat, inbox } = await anInbox();
    await evictDurableObject(hubOf(chat));
    await unwatchInbox(chat);
    await deliverAndStore(chat.phoneNumberId, text(chat));

    expect(await runDurableObjectAlarm(hubOf(chat))).toBe(true);

    expect(await inbox.closed).toBe(1012);
    expect(inbox.frames).toEqual([{ type: "hello" }]);
    expect(await isInboxWatched(chat.organizationId)).toBe(true);
  });

  it("is closed when its token has expired", async ({ expect }) => {
    const ground = await anOrganization();
    const inbox = await (await as({ ...ground, expiresAt: new Date() })).openInbox();
    await runDurableObjectAlarm(hubOf(ground));
    expect(await inbox.closed).toBe(4401);
  });

  it("has its heartbeat answered, and is closed when it sends anything but an ack", async ({ expect }) => {
    const { inbox } = await anInbox();
    const pong = inbox.nextPong();
    inbox.send("ping");
    await pong;
    inbox.send({ type: "sync", seq: 1 });
    expect(await inbox.closed).toBe(4426);
  });

  it("receives the same row as a fresh load of the chat", async ({ expect }) => {
    const { chat, inbox, anna } = await anInbox();
    await anna.post(`/chats/${chat.id}/read`);
    const fresh = await load(anna, chat.id);
    expect(fresh.chat.unreadCount).toBe(0);
    expect(await inbox.nextFrame()).toEqual({ type: "chat", chat: fresh.chat });
  });
});

async function anInbox() {
  const chat = await aChat();
  const anna = await as(chat);
  const inbox = await anna.openInbox();
  await inbox.nextFrame();
  return { chat, anna, inbox };
}

function hubOf({ organizationId }: Ground) {
  return env.INBOX_HUB.getByName(String(organizationId));
}

function headOf(frame: object): number | null {
  return "chat" in frame && typeof frame.chat === "object" && frame.chat && "head" in frame.chat
    ? Number(frame.chat.head)
    : null;
}

function text({ customer }: { customer: string }) {
  return aTextOf("Hello?", { from: customer });
}
