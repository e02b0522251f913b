import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { chats } from "../../src/db/chat-tables.ts";
import { aCustomer, anOrganization, aPhone, db } from "../support/build.ts";
import { aStatus, aWamid } from "../support/meta.ts";
import {
  aReaction,
  aTextOf,
  chatOf,
  ingestItems,
  logOf,
  messageOf,
  messagesWhere,
  statusesOf,
} from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

describe("a customer's first message", () => {
  it("creates contact, chat, message and event 1, and is returned as new", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    const wamid = aWamid();
    const { events, chats: rows } = await ingestItems(
      ground,
      aTextOf("Hello", { from, wamid, name: "Olga", at: NOON }),
    );

    const chat = await chatOf(ground);
    const message = await messageOf(ground, wamid);
    expect(chat).toMatchObject({
      organizationId: ground.organizationId,
      contact: { phone: from, userId: null, name: "Olga" },
      head: 1,
      unreadCount: 1,
      lastMessageId: message.id,
      lastMessageAt: NOON,
      lastInboundAt: NOON,
    });
    expect(message).toMatchObject({ chatId: chat.id, seq: 1, fromMe: false, messageType: "text" });
    expect(message).toMatchObject({ body: "Hello", status: null, createdAt: NOON });
    expect(await logOf(chat.id)).toMatchObject([
      { seq: 1, event: "message.created", messageId: message.id, agentId: null },
    ]);
    const created = { chatId: chat.id, seq: 1, event: "message.created", messageId: message.id };
    expect(events).toEqual([
      { ...created, isNew: true, fromMe: false, message: null, activity: null, note: null },
    ]);
    expect(rows).toMatchObject([{ id: chat.id, head: 1, watched: false, inboxWatched: false, chat: null }]);
  });

  it("creates a chat per business number and one contact for the organization", async ({ expect }) => {
    const ground = await anOrganization();
    const other = { ...ground, ...(await aPhone(ground.organizationId)) };
    const from = aCustomer();
    const wamid = aWamid();
    for (const number of [ground, other]) await ingestItems(number, aTextOf("Hello", { from, wamid }));
    const [here, there] = [await chatOf(ground), await chatOf(other)];
    expect(here.id).not.toBe(there.id);
    expect(here.contactId).toBe(there.contactId);
    expect((await messageOf(ground, wamid)).id).not.toBe((await messageOf(other, wamid)).id);
  });
});

describe("a redelivery", () => {
  it("changes nothing and returns the old numbers, whatever else is in the batch", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    const [first, second, echo] = [aWamid(), aWamid(), aWamid()];
    const items = [
      aTextOf("One", { from, wamid: first, at: NOON }),
      aTextOf("Two", { from, wamid: second, at: later(1) }),
      aTextOf("Ours", { to: from, wamid: echo, at: later(2) }),
      aReaction(second, "👍", { from, at: later(3) }),
      aStatus(echo, "read", { at: later(4) }),
    ];
    const ingested = await ingestItems(ground, ...items);
    const before = [await chatOf(ground), await messagesWhere(ground), await statusesOf(ground)];
    expect(ingested.events.filter(({ isNew }) => isNew)).toHaveLength(5);

    const again = await ingestItems(ground, ...items, ...items);
    expect(again.events.filter(({ isNew }) => isNew)).toEqual([]);
    const [one, two] = [await messageOf(ground, first), await messageOf(ground, second)];
    for (const { id, seq } of [one, two]) {
      expect(again.events).toContainEqual(expect.objectContaining({ messageId: id, seq, isNew: false }));
    }
    expect([await chatOf(ground), await messagesWhere(ground), await statusesOf(ground)]).toEqual(before);
    expect(await logOf(one.chatId)).toHaveLength(5);

    const more = await ingestItems(ground, ...items, aTextOf("New", { from, at: later(9) }));
    expect(more.events.filter(({ isNew }) => isNew)).toMatchObject([{ seq: 6, event: "message.created" }]);
  });

  it("with other content, from another person, is still the first message", async ({ expect }) => {
    const ground = await anOrganization();
    const [from, otherPerson] = [aCustomer(), aCustomer()];
    const wamid = aWamid();
    await ingestItems(
      ground,
      aTextOf("First", { from, wamid, at: NOON }),
      aTextOf("Beside it", { from, wamid, at: NOON }),
    );
    await ingestItems(ground, aTextOf("Second", { from, wamid, at: later(60) }));
    await ingestItems(ground, aTextOf("Third", { from: otherPerson, wamid, name: "Nobody" }));
    expect(await messageOf(ground, wamid)).toMatchObject({ body: "First", createdAt: NOON });
    expect(await chatOf(ground)).toMatchObject({ head: 1, unreadCount: 1, contact: { phone: from } });
  });
});

describe("a chat's row", () => {
  it("counts inbound messages, and shows the newest message by Meta's time", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    const [newest, late] = [aWamid(), aWamid()];
    await ingestItems(ground, aTextOf("Newest", { from, wamid: newest, at: later(100) }));
    await ingestItems(ground, aTextOf("Late", { from, wamid: late, at: NOON }));
    const { id } = await messageOf(ground, newest);
    expect(await chatOf(ground)).toMatchObject({ head: 2, unreadCount: 2, lastMessageId: id });
    expect(await chatOf(ground)).toMatchObject({ lastMessageAt: later(100), lastInboundAt: later(100) });
  });

  it("shows what we wrote in the phone's own app, without unread count or service window", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const wamid = aWamid();
    await ingestItems(ground, aTextOf("Ours", { to: aCustomer(), wamid, at: NOON }));
    const message = await messageOf(ground, wamid);
    expect(message).toMatchObject({ fromMe: true, status: "sent", agentId: null });
    const row = { unreadCount: 0, lastMessageId: message.id, lastInboundAt: null };
    expect(await chatOf(ground)).toMatchObject(row);
  });

  it("counts the window from now at most, however far ahead Meta's clock is", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    const ahead = new Date("2096-01-01T00:00:00Z");
    await ingestItems(ground, aTextOf("From the future", { from, at: ahead }));
    const { lastInboundAt, lastMessageAt } = await chatOf(ground);
    // A minute: the clocks of workerd and Postgres are of one machine.
    expect(lastInboundAt?.getTime()).toBeLessThan(Date.now() + 60_000);
    expect(lastInboundAt?.getTime()).toBeGreaterThan(NOON.getTime());
    expect(lastMessageAt).toEqual(ahead);
  });

  it.for([
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
    [1, 3, 0, 2],
  ])("is read by an answer from the phone's app, in the order %j", async (order, { expect }) => {
    const from = aCustomer();
    const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1_000);
    const items = [
      aTextOf("Are you open?", { from, at: at(0) }),
      // Written while the answer was: so is what the app answers automatically.
      aTextOf("Today, I mean", { from, at: at(58) }),
      aTextOf("Until nine", { to: from, at: at(60) }),
      aTextOf("And tomorrow?", { from, at: at(90) }),
    ];
    const inOrder = order.flatMap((i) => items[i] ?? []);
    for (const isOneBatch of [false, true]) {
      const ground = await anOrganization();
      if (isOneBatch) await ingestItems(ground, ...inOrder);
      else for (const item of inOrder) await ingestItems(ground, item);
      expect(await chatOf(ground)).toMatchObject({ unreadCount: 2, status: "open" });
    }
  });

  it("opens again when the customer writes, and not for an echo", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    await ingestItems(ground, aTextOf("Hello", { from }));
    const { id } = await chatOf(ground);
    await db.update(chats).set({ status: "closed" }).where(eq(chats.id, id));
    await ingestItems(ground, aTextOf("Ours", { to: from }));
    expect(await chatOf(ground)).toMatchObject({ status: "closed" });
    await ingestItems(ground, aTextOf("Me again", { from }));
    expect(await chatOf(ground)).toMatchObject({ status: "open" });
  });
});
