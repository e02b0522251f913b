import { describe, it } from "vitest";
import { allStored } from "../support/all-stored.ts";
import { as } from "../support/as.ts";
import { aChat, anOrganization, db } from "../support/build.ts";
import { finalState } from "../support/final-state.ts";
import { aBody, aStatus, aText, aWamid, type Item, post, postUntilTaken } from "../support/meta.ts";
import { anEdit, aReaction, aRevoke, aTextOf, chatOf, ingestItems, logOf } from "../support/stored.ts";

const MONTHS_AGO = new Date("2026-01-10T12:00:00Z");

/** A day of one chat, as Meta delivers it: everything that changes a row. */
function aDay(customer: string): Item[] {
  const [first, second, third, echo] = [aWamid(), aWamid(), aWamid(), aWamid()];
  const they = { from: customer, at: MONTHS_AGO };
  return [
    aTextOf("One", { ...they, wamid: first, name: "Olga" }),
    aTextOf("Two", { ...they, wamid: second, replyTo: first }),
    aTextOf("Three", { ...they, wamid: third }),
    aTextOf("Ours", { to: customer, at: MONTHS_AGO, wamid: echo }),
    aReaction(echo, "👍", they),
    anEdit(second, "Two!", they),
    aRevoke(third, they),
    aStatus(echo, "delivered", { at: MONTHS_AGO }),
    aStatus(echo, "failed", { at: MONTHS_AGO, errors: [{ code: 131026 }] }),
  ];
}

type Page<Item> = { data: Item[] };
type ChatEvent = { event: string; message?: { id: number } };

describe("a body that Meta delivers again", () => {
  it("changes nothing: fifty times at once, in other company, and months later", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const items = aDay(chat.customer);
    const whole = JSON.stringify(aBody(chat.phoneNumberId, ...items));
    expect((await post(whole)).status).toBe(200);
    await allStored();
    const read = async () => {
      const paths = [`/chats/${chat.id}`, `/chats/${chat.id}/messages`, `/chats/${chat.id}/events?after=0`];
      return await Promise.all(paths.map(async (path) => await (await anna.get(path)).json()));
    };
    const before = await read();
    // How many events change a message depends on the batches in which Intake stored them.
    const { head } = await chatOf(chat);
    expect(before).toMatchObject([{ unreadCount: 4 }, { data: { length: 5 } }, { data: { length: head } }]);
    const [, messages, events] = before as [unknown, Page<{ id: number }>, Page<ChatEvent>];
    const created = events.data.flatMap(({ event, message }) =>
      event === "message.created" ? [message?.id] : [],
    );
    expect(created).toEqual([...new Set(created)]);
    expect(created).toEqual(expect.arrayContaining(messages.data.map(({ id }) => id)));

    const answers = await Promise.all(Array.from({ length: 50 }, () => postUntilTaken(whole)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    for (const item of items)
      expect((await post(JSON.stringify(aBody(chat.phoneNumberId, item)))).status).toBe(200);
    await allStored();
    expect(await read()).toEqual(before);

    const news = aText({ from: chat.customer, body: "Today" });
    const mixed = aBody(chat.phoneNumberId, ...items.toReversed(), news, ...items, news);
    expect((await post(JSON.stringify(mixed))).status).toBe(200);
    await allStored();
    expect(await chatOf(chat)).toMatchObject({ head: head + 1, unreadCount: 5 });
  });

  it("for the first time, fifty times at once, has its effect once", async ({ expect }) => {
    const ground = await anOrganization();
    const body = JSON.stringify(aBody(ground.phoneNumberId, ...aDay("79161234567")));
    const answers = await Promise.all(Array.from({ length: 50 }, () => postUntilTaken(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    await allStored();
    const { state, faults } = await finalState(db, ground.organizationPhoneId);
    expect(faults).toEqual([]);
    expect(state.messages).toHaveLength(7);
    expect(state.chats).toMatchObject([{ unreadCount: 3, name: "Olga" }]);
    const log = await logOf((await chatOf(ground)).id);
    expect(log.filter(({ event }) => event === "message.created")).toHaveLength(7);
  });

  it("opens no window and marks nothing unread that was read", async ({ expect }) => {
    const ground = await anOrganization();
    const customer = "79161234568";
    const items = aDay(customer);
    await ingestItems(ground, ...items);
    const { id } = await chatOf(ground);
    const anna = await as(ground);
    expect((await anna.post(`/chats/${id}/read`, {})).status).toBeLessThan(300);
    const read = await chatOf(ground);
    expect(read).toMatchObject({ unreadCount: 0, lastInboundAt: MONTHS_AGO });
    expect((await post(JSON.stringify(aBody(ground.phoneNumberId, ...items)))).status).toBe(200);
    await allStored();
    expect(await chatOf(ground)).toEqual(read);
  });
});
