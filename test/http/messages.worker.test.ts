import { describe, it } from "vitest";
import { eventList } from "../../src/http/chat-schemas.ts";
import { messageList } from "../../src/http/schemas.ts";
import { as, type Person } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aText, aWamid, deliverAndStore } from "../support/meta.ts";
import { aRevoke } from "../support/stored.ts";

/** A chat with these texts; each a minute older than the one before it, so that order by number is not order shown. */
async function aTalk(...bodies: string[]) {
  const chat = await aChat();
  const now = Date.now();
  for (const [i, body] of bodies.entries()) {
    const at = new Date(now - (i + 1) * 60_000);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body, at }));
  }
  return { chat, anna: await as(chat) };
}

async function pageOf(person: Person, chatId: number, query = "") {
  const answer = await person.get(`/chats/${chatId}/messages?${query}`);
  const { data, ...rest } = messageList.parse(await answer.json());
  return { ...rest, ids: data.map(({ id }) => id), bodies: data.map(({ body }) => body), data };
}

describe("a chat's messages", () => {
  it("come in the order of Meta's times, whenever they arrived", async ({ expect }) => {
    const { chat, anna } = await aTalk("b", "a");
    expect(await pageOf(anna, chat.id)).toMatchObject({
      bodies: ["a", "b", "Hello"],
      nextCursor: null,
      prevCursor: null,
    });
  });

  it("can be walked to the oldest and back, each once, whatever the size of the page", async ({ expect }) => {
    const { chat, anna } = await aTalk("6", "5", "4", "3", "2", "1");
    const { ids } = await pageOf(anna, chat.id);
    expect(ids).toHaveLength(7);
    for (const limit of [1, 2, 3, 7]) {
      let page = await pageOf(anna, chat.id, `limit=${limit}`);
      let up = page.ids;
      while (page.prevCursor !== null) {
        page = await pageOf(anna, chat.id, `limit=${limit}&cursor=${page.prevCursor}`);
        up = [...page.ids, ...up];
      }
      expect(up, `limit ${limit}`).toEqual(ids);
      let down = page.ids;
      while (page.nextCursor !== null) {
        page = await pageOf(anna, chat.id, `limit=${limit}&cursor=${page.nextCursor}`);
        down = [...down, ...page.ids];
      }
      // From the oldest page on, until it says that there is no more.
      expect(down, `limit ${limit}`).toEqual(ids);
    }
  });

  it("neither repeats nor skips while the customer writes on", async ({ expect }) => {
    const { chat, anna } = await aTalk("3", "2", "1");
    const first = await pageOf(anna, chat.id, "limit=2");
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "new" }));
    const second = await pageOf(anna, chat.id, `limit=2&cursor=${first.prevCursor}`);
    expect([...second.bodies, ...first.bodies]).toEqual(["1", "2", "3", "Hello"]);
  });

  it("can be those before, after and around one", async ({ expect }) => {
    const { chat, anna } = await aTalk("4", "3", "2", "1");
    const { ids } = await pageOf(anna, chat.id);
    const [id1, , id3, , id5] = ids;
    const cases: [string, string[]][] = [
      [`before=${id3}`, ["1", "2"]],
      [`before=${id3}&limit=1`, ["2"]],
      [`before=${id1}`, []],
      [`after=${id3}`, ["4", "Hello"]],
      [`after=${id3}&limit=1`, ["4"]],
      [`after=${id5}`, []],
      [`around=${id3}`, ["1", "2", "3", "4", "Hello"]],
      [`around=${id3}&limit=2`, ["2", "3"]],
      [`around=${id3}&limit=1`, ["3"]],
      [`around=${id1}&limit=2`, ["1"]],
    ];
    for (const [query, bodies] of cases)
      expect((await pageOf(anna, chat.id, query)).bodies, query).toEqual(bodies);
  });

  it("are not those of another chat, and no anchor of another chat serves", async ({ expect }) => {
    const { chat, anna } = await aTalk();
    const other = await aChat(chat);
    const { ids } = await pageOf(anna, other.id);
    expect(ids).toHaveLength(1);
    for (const side of ["before", "after", "around"]) {
      expect((await anna.get(`/chats/${chat.id}/messages?${side}=${ids[0]}`)).status).toBe(404);
    }
  });

  it.for<[string, string]>([
    ["before=1&after=2", "the query: "],
    ["around=1&cursor=x", "the query: "],
    ["before=x", "/before: "],
    ["before=0", "/before: "],
    ["limit=0", "/limit: "],
    ["limit=101", "/limit: "],
    ["since=1", "/since: "],
  ])("refuse ?%s", async ([query, named], { expect }) => {
    const { chat, anna } = await aTalk();
    const answer = await anna.get(`/chats/${chat.id}/messages?${query}`);
    expect(answer.status).toBe(400);
    const detail = expect.stringContaining(named);
    expect(await answer.json()).toMatchObject({ code: "invalid_request", detail });
  });
});

describe("a chat's log", () => {
  it("is numbered without a gap, page by page, and carries the rows as they are now", async ({ expect }) => {
    const { chat, anna } = await aTalk("b", "a");
    await anna.post(`/chats/${chat.id}/read`);
    const all = eventList.parse(await (await anna.get(`/chats/${chat.id}/events?after=0`)).json());
    expect(all.data.map(({ seq, event }) => [seq, event])).toEqual([
      [1, "message.created"],
      [2, "message.created"],
      [3, "message.created"],
      [4, "chat.updated"],
    ]);
    expect(all.head).toBe(4);
    expect(all.data.at(-1)?.chat).toMatchObject({ id: chat.id, unreadCount: 0 });
    expect(eventList.parse(await (await anna.get(`/chats/${chat.id}/events`)).json())).toEqual(all);

    const walked: typeof all.data = [];
    for (let after = 0; after < all.head; after = walked.at(-1)?.seq ?? all.head) {
      const page = await anna.get(`/chats/${chat.id}/events?after=${after}&limit=3`);
      walked.push(...eventList.parse(await page.json()).data);
    }
    expect(walked).toEqual(all.data);
  });

  it.for([
    "after=0&cursor=x",
    "after=-1",
    "after=x",
    "after=1.5",
    "after=2147483648",
    "after=0&limit=501",
    "since=0&after=0",
  ])("refuses ?%s", async (query, { expect }) => {
    const { chat, anna } = await aTalk();
    expect((await anna.get(`/chats/${chat.id}/events?${query}`)).status).toBe(400);
  });

  it("is empty for who is ahead", async ({ expect }) => {
    const { chat, anna } = await aTalk();
    const answer = await anna.get(`/chats/${chat.id}/events?after=2147483647`);
    expect(eventList.parse(await answer.json())).toMatchObject({ data: [], head: 1 });
  });
});

describe("Meta's object of a message", () => {
  it("comes with the message itself, and in lists only where it is asked for", async ({ expect }) => {
    const { chat, anna } = await aTalk("b");
    const page = async (query: string) => (await pageOf(anna, chat.id, query)).data;
    const payloads = [{ text: { body: "b" } }, { text: { body: "Hello" } }];

    expect((await page("")).filter((message) => "payload" in message)).toEqual([]);
    expect(await page("include=payload")).toMatchObject(payloads.map((payload) => ({ payload })));
    const id = (await page(""))[0]?.id;
    expect(await (await anna.get(`/messages/${id}`)).json()).toMatchObject({ id, payload: payloads[0] });
    const { lastMessage } = await (await anna.get(`/chats/${chat.id}`)).json<{ lastMessage: object }>();
    expect(lastMessage).not.toHaveProperty("payload");
  });

  it("comes with the events of a chat where it is asked for", async ({ expect }) => {
    const { chat, anna } = await aTalk();
    const events = async (query: string) =>
      eventList.parse(await (await anna.get(`/chats/${chat.id}/events?after=0${query}`)).json()).data;

    expect((await events("")).map(({ message }) => message && "payload" in message)).toEqual([false]);
    expect(await events("&include=payload")).toMatchObject([
      { message: { payload: { text: { body: "Hello" } } } },
    ]);
  });

  it("is not there once the customer has revoked the message", async ({ expect }) => {
    const { chat, anna } = await aTalk();
    const wamid = aWamid();
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "a slip", wamid }));
    await deliverAndStore(chat.phoneNumberId, aRevoke(wamid, { from: chat.customer }));
    const { data } = await pageOf(anna, chat.id, "include=payload");
    const slip = data.find((message) => message.wamid === wamid);
    expect(slip).toMatchObject({ payload: null });
    expect(await (await anna.get(`/messages/${slip?.id}`)).json()).toMatchObject({ payload: null });
  });
});
