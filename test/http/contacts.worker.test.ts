import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { chats } from "../../src/db/chat-tables.ts";
import { contacts } from "../../src/db/contact-tables.ts";
import { ingest } from "../../src/db/ingest.ts";
import type { Chat } from "../../src/domain/chat.ts";
import type { ContactDetails } from "../../src/domain/contact.ts";
import type { Message } from "../../src/domain/message.ts";
import { contactDetails } from "../../src/http/contacts.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { finalState } from "../support/final-state.ts";
import { aWamid, type Item } from "../support/meta.ts";
import { publishNow } from "../support/publish-now.ts";
import {
  anItem,
  aReaction,
  aTextOf,
  chatOf,
  chatsOf,
  eventsOfField,
  ingestItems,
  logOf,
  messagesWhere,
} from "../support/stored.ts";
import { at, twoChats } from "../support/two-chats.ts";

const detailsOf = async (answer: Response) => contactDetails.parse(await answer.json()) as ContactDetails;
const problemOf = async (answer: Response) => [answer.status, (await answer.json<{ code: string }>()).code];

/** Without what undoing a merge need not restore: times of our own, and numbers. */
async function stateOf({ organizationPhoneId }: Ground) {
  const { state, faults } = await finalState(db, organizationPhoneId);
  return { ...state, faults };
}

describe("a contact's name", () => {
  const sync = (ground: Ground, phone: string, name: string, second: number) =>
    ingest(
      db,
      eventsOfField(ground, "smb_app_state_sync", {
        state_sync: [
          {
            type: "contact",
            contact: { full_name: name, phone_number: phone },
            action: "add",
            metadata: { timestamp: String(at(second).getTime() / 1000) },
          },
        ],
      }),
    );

  it("is what an agent set, then the address book's, then the profile's, which stays beside it; on sockets too", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    await ingestItems(ground, aTextOf("Hello", { from, name: "I🔥", at: at(1) }));
    const chat = await chatOf(ground);
    const anna = await as({ ...ground, role: "admin" });
    const names = async () => {
      const { contact } = await (await anna.get(`/chats/${chat.id}`)).json<Chat>();
      return [contact.name, contact.profileName];
    };
    const path = `/contacts/${chat.contactId}`;
    expect(await names()).toEqual(["I🔥", "I🔥"]);
    await sync(ground, from, "Ivan Petrov, plumber", 2);
    expect(await names()).toEqual(["Ivan Petrov, plumber", "I🔥"]);

    const tab = await anna.openTab(chat.id);
    await tab.nextFrame();
    const named = await anna.patch(path, { name: "  Our plumber " });

    expect([named.status, await named.json()]).toMatchObject([
      200,
      { name: "Our plumber", profileName: "I🔥" },
    ]);
    expect(await tab.nextFrame()).toMatchObject({
      event: "chat.updated",
      chat: { contact: { name: "Our plumber", profileName: "I🔥" } },
    });
    await sync(ground, from, "Petrov", 30);
    await ingestItems(ground, aTextOf("Later", { from, name: "Ivan", at: at(40) }));
    expect(await names()).toEqual(["Our plumber", "Ivan"]);
    expect((await anna.patch(path, { name: null })).status).toBe(200);
    expect(await names()).toEqual(["Petrov", "Ivan"]);
    const { names: history } = await detailsOf(await anna.get(path));
    expect(history.map(({ name }) => name)).toEqual([null, "Our plumber"]);
    const agent = await as({ ...ground, sub: "bert" });
    expect((await detailsOf(await agent.get(path))).names).toEqual(history);
    const { faults } = await finalState(db, ground.organizationPhoneId);
    expect(faults).toEqual([]);
  });

  it.for([
    {},
    { name: "" },
    { name: "  " },
    { name: "a\nb" },
    { name: 5 },
    { name: "a".repeat(201) },
    { name: "A", phone: "1" },
  ])("is not %o", async (body, { expect }) => {
    const { kept, anna } = await twoChats();
    expect((await anna.patch(`/contacts/${kept.contactId}`, body)).status).toBe(400);
  });

  it("is of the organization's own contacts, also of a merged one, and set again it changes nothing", async ({
    expect,
  }) => {
    const { ground, kept, merged, anna } = await twoChats();
    const outsider = await as({ organizationId: (await anOrganization()).organizationId });
    expect((await outsider.patch(`/contacts/${kept.contactId}`, { name: "Theirs" })).status).toBe(404);
    await anna.patch(`/contacts/${merged.contactId}`, { name: "Second" });
    await anna.post(`/contacts/${kept.contactId}/merge`, { contactId: merged.contactId });
    const named = await (await anna.patch(`/contacts/${merged.contactId}`, { name: "Both" })).json();
    expect(named).toMatchObject({ id: kept.contactId, name: "Both" });
    const before = await logOf(kept.id);
    await anna.patch(`/contacts/${kept.contactId}`, { name: "Both" });
    expect(await logOf(kept.id)).toEqual(before);
    expect((await stateOf(ground)).faults).toEqual([]);
  });

  it("is the smaller of two that the address book gave in one second, in either order", async ({
    expect,
  }) => {
    for (const order of [
      ["Anna", "Berta"],
      ["Berta", "Anna"],
    ]) {
      const ground = await anOrganization();
      const from = aCustomer();
      await ingestItems(ground, aTextOf("Hello", { from }));
      for (const name of order) await sync(ground, from, name, 3);
      expect((await chatOf(ground)).contact.name).toBe("Anna");
    }
  });
});

describe("a group", () => {
  it("names who wrote and who reacted, says that it is one, and the member is known alone at once", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const [from, fromUserId, groupId] = [aCustomer(), `RU.${aCustomer()}`, "GROUP.1"];
    const inGroup = ({ item, ...rest }: Item) => ({ ...rest, item: { ...item, group_id: groupId } });
    const wamid = aWamid();
    await ingestItems(
      ground,
      inGroup(aTextOf("When do you start?", { from, fromUserId, name: "Maria", wamid, at: at(1) })),
      inGroup(aReaction(wamid, "👍", { from: aCustomer(), name: "Oleg", at: at(2) })),
    );
    const anna = await as({ ...ground });
    const { data } = await (await anna.get("/chats")).json<{ data: Chat[] }>();
    expect(data).toMatchObject([
      {
        contact: { isGroup: true, groupId, name: null, phone: null },
        lastMessage: {
          body: "Maria: When do you start?",
          content: { sender: { name: "Maria", phone: from, userId: fromUserId } },
          reactions: [{ emoji: "👍", senderName: "Oleg" }],
        },
      },
    ]);
    const list = await (await anna.get(`/chats/${data[0]?.id}/messages`)).json<{ data: Message[] }>();
    expect(list.data.map(({ body }) => body)).toEqual(["When do you start?"]);

    await ingestItems(ground, aTextOf("Alone", { from, at: at(3) }));

    const alone = (await chatsOf(ground)).at(-1)?.contact;
    expect(alone).toMatchObject({ name: "Maria", phone: from, userId: fromUserId });
  });

  it("shows the best name of a member that is known when it is read, live as loaded", async ({ expect }) => {
    const ground = await anOrganization();
    const [from, fromUserId, groupId, wamid] = [aCustomer(), `RU.${aCustomer()}`, "GROUP.2", aWamid()];
    const reacts = aCustomer();
    const inGroup = ({ item, contact: _, ...rest }: Item) => ({
      ...rest,
      item: { ...item, group_id: groupId },
    });
    await ingestItems(
      ground,
      aTextOf("Alone", { from, fromUserId, name: "Maria", at: at(1) }),
      aTextOf("Alone too", { from: reacts, at: at(1) }),
      // In the group nobody is named.
      inGroup(aTextOf("Who has the invoice?", { from, fromUserId, wamid, at: at(2) })),
      inGroup(aReaction(wamid, "👍", { from: reacts, at: at(3) })),
    );
    const anna = await as({ ...ground });
    const rows = (await (await anna.get("/chats")).json<{ data: Chat[] }>()).data;
    const group = rows.find(({ contact }) => contact.isGroup);
    const idOf = (phone: string) => rows.find(({ contact }) => contact.phone === phone)?.contact.id;
    const authors = ({ content, reactions }: Message) => [
      content?.sender?.name,
      ...reactions.map(({ senderName }) => senderName),
    ];
    /** By every way in which a message is read. */
    const shown = async () => {
      const read = async <Answer>(path: string) => await (await anna.get(path)).json<Answer>();
      const { data } = await read<{ data: Message[] }>(`/chats/${group?.id}/messages`);
      const around = await read<{ data: Message[] }>(`/chats/${group?.id}/messages?around=${data[0]?.id}`);
      const events = await read<{ data: { message?: Message }[] }>(`/chats/${group?.id}/events?after=0`);
      const found = await read<{ data: { message: Message; chat: Chat }[] }>("/search?q=invoice");
      const list = await read<{ data: Chat[] }>("/chats");
      const chats = [
        list.data.find(({ id }) => id === group?.id),
        await read<Chat>(`/chats/${group?.id}`),
        found.data[0]?.chat,
      ];
      const messages = [
        data.at(-1),
        around.data.at(-1),
        events.data.find(({ message }) => message?.wamid === wamid)?.message,
        await read<Message>(`/messages/${data.at(-1)?.id}`),
        found.data[0]?.message,
        ...chats.map((chat) => chat?.lastMessage),
      ];
      const previews = chats.map((chat) => chat?.lastMessage?.body);
      const seen = messages.map((message) => JSON.stringify(message && authors(message)));
      return { authors: [...new Set(seen)], previews: [...new Set(previews)] };
    };
    expect(await shown()).toEqual({ authors: ['["Maria",null]'], previews: ["Maria: Who has the invoice?"] });

    await anna.patch(`/contacts/${idOf(from)}`, { name: "Maria, bookkeeper" });
    await anna.patch(`/contacts/${idOf(reacts)}`, { name: "Oleg" });
    expect(await shown()).toEqual({
      authors: ['["Maria, bookkeeper","Oleg"]'],
      previews: ["Maria, bookkeeper: Who has the invoice?"],
    });

    const [tab, inbox] = [await anna.openTab(group?.id ?? 0), await anna.openInbox()];
    expect(await tab.nextFrame()).toMatchObject({ type: "hello" });
    expect(await inbox.nextFrame()).toMatchObject({ type: "hello" });
    await publishNow(
      await ingestItems(ground, inGroup(aTextOf("Found it", { from, fromUserId, at: at(4) }))),
    );
    const sender = { name: "Maria, bookkeeper", phone: from, userId: fromUserId };
    expect(await tab.nextFrame()).toMatchObject({ message: { body: "Found it", content: { sender } } });
    expect(await inbox.nextFrame()).toMatchObject({
      chat: { lastMessage: { body: "Maria, bookkeeper: Found it", content: { sender } } },
    });
  });

  it("keeps an agent's name for a member who has no chat of their own", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    const inGroup = ({ item, ...rest }: Item) => ({ ...rest, item: { ...item, group_id: "GROUP.3" } });
    const writeAs = (name: string, second: number) =>
      ingestItems(ground, inGroup(aTextOf("Hello all", { from, name, at: at(second) })));
    await writeAs("Maria", 1);
    const [member] = await db.select().from(contacts).where(eq(contacts.phone, from));
    const anna = await as({ ...ground });
    expect((await anna.patch(`/contacts/${member?.id}`, { name: "The bookkeeper" })).status).toBe(200);
    const { id } = await chatOf(ground);
    const tab = await anna.openTab(id);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello" });
    await publishNow(await writeAs("Maria P.", 2));
    const sender = { name: "The bookkeeper", phone: from };
    expect(await tab.nextFrame()).toMatchObject({ message: { content: { sender } } });
    const { data } = await (await anna.get(`/chats/${id}/messages`)).json<{ data: Message[] }>();
    expect(data.map(({ content }) => content?.sender)).toMatchObject([sender, sender]);
  });
});

describe("two contacts", () => {
  it("are merged by an admin: one chat with all messages, tied together, each with a number", async ({
    expect,
  }) => {
    const { ground, kept, merged, anna, wamids } = await twoChats();
    const before = await logOf(merged.id);

    const answer = await anna.post(`/contacts/${merged.contactId}/merge`, { contactId: kept.contactId });

    const contact = await detailsOf(answer);
    // Of the two phones the one that was seen last is written to.
    expect(contact).toMatchObject({ id: kept.contactId, phone: merged.contact.phone, name: "Anna K." });
    expect(contact.identities.map(({ value }) => value)).toEqual([kept.contact.phone, merged.contact.phone]);
    expect(contact.merges).toMatchObject([{ mergedContactId: merged.contactId, undoneAt: null }]);
    const { messages, chats: rows, faults } = await stateOf(ground);
    expect(faults).toEqual([]);
    expect(rows).toMatchObject([{ unreadCount: 2, lastInboundAt: at(2) }]);
    const byWamid = new Map(messages.map((row) => [row.wamid, row]));
    expect(byWamid.get(wamids[0])?.reactions).toMatchObject([{ emoji: "👍" }]);
    expect(byWamid.get(wamids[1])).toMatchObject({ body: "Two, corrected", repliesTo: wamids[0] });
    expect(new Set((await messagesWhere(ground)).map(({ chatId }) => chatId))).toEqual(new Set([kept.id]));
    // Its own log is as it was, with one event more.
    expect((await logOf(merged.id)).slice(0, -1)).toEqual(before);
    expect((await logOf(merged.id)).at(-1)).toMatchObject({ event: "chat.updated", seq: merged.head + 1 });
  });

  it("are two again when the merge is undone, as they were", async ({ expect }) => {
    const { ground, kept, merged, anna } = await twoChats();
    const before = await stateOf(ground);
    expect(before.faults).toEqual([]);
    const contact = await detailsOf(
      await anna.post(`/contacts/${kept.contactId}/merge`, { contactId: merged.contactId }),
    );
    expect(await stateOf(ground)).not.toEqual(before);
    const path = `/contact-merges/${contact.merges[0]?.id}/undo`;

    expect((await anna.post(path)).status).toBe(200);

    expect(await stateOf(ground)).toEqual(before);
    expect(await problemOf(await anna.post(path))).toEqual([409, "merge_not_open"]);
    const again = await detailsOf(await anna.get(`/contacts/${merged.contactId}`));
    expect(again).toMatchObject({ phone: merged.contact.phone, mergedIntoId: null });
    expect(again.merges[0]?.undoneAt).not.toBeNull();
  });

  it("keep what was written between: it is the kept one's", async ({ expect }) => {
    const { ground, kept, merged, anna, from, other } = await twoChats();
    const contact = await detailsOf(
      await anna.post(`/contacts/${kept.contactId}/merge`, { contactId: merged.contactId }),
    );
    await ingestItems(ground, aTextOf("Between", { from: other, at: at(7) }));
    await anna.post(`/contact-merges/${contact.merges[0]?.id}/undo`);
    await ingestItems(
      ground,
      aTextOf("After", { from: other, at: at(8) }),
      aTextOf("Mine", { from, at: at(9) }),
    );
    const bodies = async (id: number) =>
      (await messagesWhere(ground)).filter(({ chatId }) => chatId === id).map(({ body }) => body);
    const theirs = await bodies(merged.id);
    expect([theirs.at(0), ...theirs.slice(-2)]).toEqual(["Two", "Ours", "After"]);
    expect((await bodies(kept.id)).slice(-2)).toEqual(["Between", "Mine"]);
    expect((await stateOf(ground)).faults).toEqual([]);
  });

  it("are not merged automatically again once an admin has unmerged them", async ({ expect }) => {
    const ground = await anOrganization();
    const [from, fromUserId] = [aCustomer(), "RU.77"];
    await ingestItems(ground, aTextOf("By phone", { from }));
    await ingestItems(ground, aTextOf("By user id", { fromUserId }));
    await ingestItems(ground, aTextOf("By both", { from, fromUserId }));
    const [chat, ...none] = await chatsOf(ground);
    expect(none).toEqual([]);
    const anna = await as({ ...ground, role: "admin" });
    const { merges } = await detailsOf(await anna.get(`/contacts/${chat?.contactId}`));
    expect(merges).toMatchObject([{ agentId: null }]);
    expect((await anna.post(`/contact-merges/${merges[0]?.id}/undo`)).status).toBe(200);
    await ingestItems(ground, aTextOf("By both again", { from, fromUserId }));
    expect((await chatsOf(ground)).map(({ contact }) => [contact.phone, contact.userId])).toEqual([
      [from, null],
      [null, fromUserId],
    ]);
  });

  it("cannot be a group, the same one, or merged before; another's does not exist", async ({ expect }) => {
    const { ground, kept, merged, anna } = await twoChats();
    const { item, ...rest } = anItem("text", { body: "All" }, { from: aCustomer() });
    await ingestItems(ground, { ...rest, item: { ...item, group_id: "G1" } });
    const group = (await chatsOf(ground)).at(-1);
    const outsider = await twoChats();
    const merge = async (a: number, b: number) =>
      problemOf(await anna.post(`/contacts/${a}/merge`, { contactId: b }));

    expect(await merge(kept.contactId, group?.contactId ?? 0)).toEqual([409, "contacts_not_mergeable"]);
    expect(await merge(kept.contactId, kept.contactId)).toEqual([409, "contacts_not_mergeable"]);
    expect(await merge(kept.contactId, outsider.kept.contactId)).toEqual([404, "not_found"]);
    expect(await merge(outsider.kept.contactId, kept.contactId)).toEqual([404, "not_found"]);
    await anna.post(`/contacts/${kept.contactId}/merge`, { contactId: merged.contactId });
    expect(await merge(merged.contactId, kept.contactId)).toEqual([409, "contacts_not_mergeable"]);
  });

  it("cannot be unmerged while one of them has been merged on", async ({ expect }) => {
    const { ground, kept, merged, anna } = await twoChats();
    await ingestItems(ground, aTextOf("Three", { from: aCustomer(), at: at(7) }));
    const third = (await chatsOf(ground)).at(-1);
    const before = await stateOf(ground);
    const ids: number[] = [];
    for (const pair of [
      [merged, third],
      [kept, merged],
    ]) {
      const path = `/contacts/${pair[0]?.contactId}/merge`;
      const contact = await detailsOf(await anna.post(path, { contactId: pair[1]?.contactId }));
      ids.push(contact.merges[0]?.id ?? 0);
    }
    const pointers = await db.select().from(chats).where(eq(chats.mergedIntoId, kept.id));
    expect(pointers.map(({ id }) => id).sort()).toEqual([merged.id, third?.id]);
    expect(await problemOf(await anna.post(`/contact-merges/${ids[0]}/undo`))).toEqual([
      409,
      "merge_not_open",
    ]);
    for (const id of ids.toReversed())
      expect((await anna.post(`/contact-merges/${id}/undo`)).status).toBe(200);
    expect(await stateOf(ground)).toEqual(before);
  });
});
