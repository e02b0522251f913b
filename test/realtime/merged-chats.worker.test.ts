import { describe, it } from "vitest";
import { contactDetails } from "../../src/http/contacts.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, aPhone } from "../support/build.ts";
import { aClient, type Client, load } from "../support/client-store.ts";
import { captureLogs } from "../support/logs.ts";
import { deliverAndStore } from "../support/meta.ts";
import { aTextOf, chatsOf, ingestItems, logOf } from "../support/stored.ts";
import { twoChats } from "../support/two-chats.ts";

describe("a merged chat", () => {
  it("is in no list but can be read, and messages sent to it go to the other chat", async ({ expect }) => {
    const { kept, merged, anna, ground } = await twoChats();
    await anna.post(`/contacts/${kept.contactId}/merge`, { contactId: merged.contactId });
    const { data } = await (await anna.get("/chats")).json<{ data: { id: number }[] }>();
    expect(data.map(({ id }) => id)).toEqual([kept.id]);
    const chat = await (await anna.get(`/chats/${merged.id}`)).json();
    expect(chat).toMatchObject({ mergedIntoId: kept.id, unreadCount: 0, lastMessage: null });
    await deliverAndStore(ground.phoneNumberId, aTextOf("Now", { from: kept.contact.phone ?? "" }));
    const body = { organizationPhoneId: ground.organizationPhoneId, type: "text", message: "Hello" };
    const sent = await anna.post("/send", { ...body, chatId: merged.id });
    expect(await sent.json()).toMatchObject({ chatId: kept.id });
  });

  it("stays correct for clients of either chat, through merge and undo", async ({ expect }) => {
    const { kept, merged, anna, ground, other } = await twoChats();
    const clients = [await aClient(anna, kept.id), await aClient(anna, merged.id)] as const;
    const late = [await aClient(anna, kept.id), await aClient(anna, merged.id)] as const;
    for (const client of late) await client.disconnect();
    const expectFresh = async (group: readonly Client[]) => {
      for (const client of group) {
        const fresh = await load(anna, client.state().chat.id);
        expect(await client.reach(fresh.seq)).toEqual(fresh);
      }
    };

    const path = `/contacts/${kept.contactId}/merge`;
    const answer = await anna.post(path, { contactId: merged.contactId });
    const [merge] = contactDetails.parse(await answer.json()).merges;
    await expectFresh(clients);
    expect(clients[0].state().messages.length).toBeGreaterThan(2);
    expect(clients[1].state()).toMatchObject({ messages: [], chat: { mergedIntoId: kept.id } });
    await deliverAndStore(ground.phoneNumberId, aTextOf("Between", { from: other }));
    await expectFresh(clients);

    expect((await anna.post(`/contact-merges/${merge?.id}/undo`)).status).toBe(200);
    await expectFresh(clients);
    expect(clients[1].state().messages.length).toBeGreaterThan(1);
    for (const client of late) await client.connect();
    await expectFresh(late);
  });

  it("is published to both chats and the inbox when a webhook causes the merge", async ({ expect }) => {
    const ground = await anOrganization();
    const [from, fromUserId] = [aCustomer(), "RU.4001"];
    await ingestItems(ground, aTextOf("By phone", { from }));
    await ingestItems(ground, aTextOf("By user id", { fromUserId }));
    const [first, second] = await chatsOf(ground);
    const anna = await as(ground);
    const clients = [await aClient(anna, first?.id ?? 0), await aClient(anna, second?.id ?? 0)] as const;
    const inbox = await anna.openInbox();
    expect(await inbox.nextFrame()).toMatchObject({ type: "hello" });
    const { lines, stop } = captureLogs();

    await deliverAndStore(ground.phoneNumberId, aTextOf("By both", { from, fromUserId }));

    for (const client of clients) {
      const fresh = await load(anna, client.state().chat.id);
      expect(await client.reach(fresh.seq)).toEqual(fresh);
    }
    stop();
    expect(clients[0].state().messages.map(({ body }) => body)).toEqual([
      "By phone",
      "By user id",
      "By both",
    ]);
    const rows = new Map<number, number | null>();
    while (rows.size < 2) {
      const frame = await inbox.nextFrame();
      if (frame.type === "chat") rows.set(frame.chat.id, frame.chat.mergedIntoId);
    }
    expect(rows).toEqual(
      new Map([
        [first?.id, null],
        [second?.id, first?.id],
      ]),
    );
    const mergeLines = lines.filter((line) => line.includes("Contacts merged"));
    expect(mergeLines).toHaveLength(1);
    expect(lines.filter((line) => line.includes("Incoming message"))).toHaveLength(1);
    expect(lines.join()).not.toContain(from);
  });

  it("is published to the contact's chats with our other phones too", async ({ expect }) => {
    const { kept, merged, anna, ground, from } = await twoChats();
    const second = { ...ground, ...(await aPhone(ground.organizationId)) };
    await ingestItems(second, aTextOf("There", { from }));
    const [there] = await chatsOf(second);
    await anna.post(`/contacts/${kept.contactId}/merge`, { contactId: merged.contactId });
    expect((await logOf(there?.id ?? 0)).at(-1)).toMatchObject({ event: "chat.updated", seq: 2 });
  });
});
