import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { eventsAfter } from "../../src/db/chat-events.ts";
import { type ChatPosition, findChat, pageOfChats } from "../../src/db/chats.ts";
import { pageOfMessages } from "../../src/db/messages.ts";
import { chatStatuses } from "../../src/domain/chat.ts";
import { aChat, anOrganization, aPhone, db } from "../support/build.ts";
import { aText, deliverAndStore } from "../support/meta.ts";

describe("a list of chats", () => {
  it("has every status, alone and together, of one number and of all", async ({ expect }) => {
    const ground = await anOrganization();
    const second = { ...ground, ...(await aPhone(ground.organizationId)) };
    const made: { id: number; status: string; organizationPhoneId: number }[] = [];
    for (const status of chatStatuses) {
      for (const phone of [ground, second]) {
        const { id, organizationPhoneId } = await aChat(phone);
        await db.execute(sql`update "Chat" set status = ${status} where id = ${id}`);
        made.unshift({ id, status, organizationPhoneId });
      }
    }
    for (const status of [undefined, ...chatStatuses]) {
      for (const organizationPhoneId of [undefined, ground.organizationPhoneId, second.organizationPhoneId]) {
        const filter = { status, organizationPhoneId };
        const expected = made.filter(
          (chat) =>
            (status ?? chat.status) === chat.status &&
            (organizationPhoneId ?? chat.organizationPhoneId) === chat.organizationPhoneId,
        );
        expect(expected).not.toEqual([]);
        const rows = await pageOfChats(db, ground.organizationId, filter, null, 100);
        const moments = rows.map(({ position }) => position.lastMessageAt);
        expect(moments, JSON.stringify(filter)).toEqual(moments.toSorted().reverse());
        expect(new Set(rows.map(({ chat }) => chat.id))).toEqual(new Set(expected.map(({ id }) => id)));

        // Two by two it is the same list.
        const walked: number[] = [];
        for (let after: ChatPosition | null = null, page = rows; page.length > 0; ) {
          page = await pageOfChats(db, ground.organizationId, filter, after, 2);
          walked.push(...page.map(({ chat }) => chat.id));
          after = page.at(-1)?.position ?? null;
        }
        expect(walked).toEqual(rows.map(({ chat }) => chat.id));
      }
    }
  });

  it("of another organization's number is empty", async ({ expect }) => {
    const [ours, theirs] = [await aChat(), await aChat()];
    const filter = { organizationPhoneId: theirs.organizationPhoneId };
    expect(await pageOfChats(db, theirs.organizationId, filter, null, 10)).toHaveLength(1);
    expect(await pageOfChats(db, ours.organizationId, filter, null, 10)).toEqual([]);
  });
});

describe("a page of messages", () => {
  it("is empty, not missing, without more messages", async ({ expect }) => {
    const chat = await aChat();
    const key = { id: chat.id, organizationId: chat.organizationId };
    const newest = await pageOfMessages(db, key, { side: "newest" }, 5);
    const messageId = newest?.messages[0]?.id ?? 0;
    expect(newest).toMatchObject({ hasOlder: false, hasNewer: false });

    for (const side of ["before", "after"] as const) {
      expect(await pageOfMessages(db, key, { side, messageId }, 5)).toMatchObject({ messages: [] });
      expect(await pageOfMessages(db, key, { side, messageId: 2_147_483_647 }, 5)).toBeNull();
    }
    expect(await pageOfMessages(db, key, { side: "around", messageId }, 1)).toMatchObject({
      messages: [{ id: messageId }],
    });
    expect(await pageOfMessages(db, { ...key, organizationId: 0 }, { side: "newest" }, 5)).toBeNull();
    expect(await pageOfMessages(db, { ...key, id: 2_147_483_647 }, { side: "newest" }, 5)).toBeNull();
  });

  it("takes no anchor from another chat", async ({ expect }) => {
    const ground = await anOrganization();
    const [one, other] = [await aChat(ground), await aChat(ground)];
    const key = (id: number) => ({ id, organizationId: ground.organizationId });
    const [message] = (await pageOfMessages(db, key(other.id), { side: "newest" }, 1))?.messages ?? [];
    const messageId = message?.id ?? 0;
    expect(await pageOfMessages(db, key(other.id), { side: "around", messageId }, 5)).not.toBeNull();
    for (const side of ["before", "after", "around"] as const) {
      expect(await pageOfMessages(db, key(one.id), { side, messageId }, 5), side).toBeNull();
    }
  });
});

describe("the events that a client missed", () => {
  it("are none, with head and epoch, when nothing was missed", async ({ expect }) => {
    const chat = await aChat();
    const found = await findChat(db, chat);
    const nothing = { head: 1, epoch: found?.epoch, firstSeq: 2, chat: null, events: [] };
    for (const after of [1, 2, Number.MAX_SAFE_INTEGER]) {
      expect(await eventsAfter(db, { id: chat.id, organizationId: null }, after, 10)).toEqual(nothing);
      expect(await eventsAfter(db, chat, after, 10)).toEqual(nothing);
    }
  });

  it("are the first or the last ones, with the chat's row", async ({ expect }) => {
    const chat = await aChat();
    for (const body of ["2", "3", "4"])
      await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body }));
    await db.execute(sql`select log_chats(array[${chat.id}::int])`);
    const numbers = async (read: ReturnType<typeof eventsAfter>) =>
      (await read)?.events.map(({ seq }) => seq);

    expect(await numbers(eventsAfter(db, chat, 1, 2))).toEqual([2, 3]);
    expect(await numbers(eventsAfter(db, { id: chat.id, organizationId: null }, 3, 500))).toEqual([4, 5]);
    const all = await eventsAfter(db, chat, 0, 500);
    const found = await findChat(db, chat);
    expect(all).toMatchObject({ head: 5, epoch: found?.epoch, chat: { id: chat.id, head: 5 } });
    expect(all?.events.map(({ message }) => message?.body)).toEqual(["Hello", "2", "3", "4", undefined]);
    expect(all?.events.at(-1)).toEqual({ chatId: chat.id, seq: 5, event: "chat.updated", chat: all?.chat });
  });

  it("are null for a missing chat and for another organization's", async ({ expect }) => {
    const chat = await aChat();
    expect(await eventsAfter(db, { ...chat, organizationId: 0 }, 0, 10)).toBeNull();
    expect(await eventsAfter(db, { id: 2_147_483_647, organizationId: null }, 0, 10)).toBeNull();
  });
});
