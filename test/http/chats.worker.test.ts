import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { chatList, openChat } from "../../src/http/schemas.ts";
import { as, type Person } from "../support/as.ts";
import { aChat, anOrganization, aPhone, db, type Ground } from "../support/build.ts";
import { aText, deliverAndStore } from "../support/meta.ts";

async function someChats(count: number) {
  const ground = await anOrganization();
  const chats: Awaited<ReturnType<typeof aChat>>[] = [];
  for (let n = 0; n < count; n += 1) chats.push(await aChat(ground));
  return { ground, chats, anna: await as(ground) };
}

async function pageOf(person: Person, query: string) {
  const answer = await person.get(`/chats?${query}`);
  return chatList.parse(await answer.json());
}

/** The ids of all chats, page by page; `between` runs after each page. */
async function walk(
  person: Person,
  query: string,
  between: (page: number) => Promise<unknown> | null = () => null,
) {
  const seen: number[] = [];
  let cursor: string | null = "";
  for (let page = 1; cursor !== null; page += 1) {
    const { data, nextCursor } = await pageOf(person, `${query}${cursor && `&cursor=${cursor}`}`);
    seen.push(...data.map(({ id }) => id));
    cursor = nextCursor;
    await between(page);
  }
  return seen;
}

/** Several chats whose last messages have the very same time, to the second. */
async function inOneSecond({ organizationId }: Ground) {
  await db.execute(
    sql`update "Chat" set "lastMessageAt" = '2026-08-01T12:00:00.123Z' where "organizationId" = ${organizationId}`,
  );
}

describe("the list of chats", () => {
  it("has the newest activity first, each chat once, whatever the size of the page", async ({ expect }) => {
    const { chats, anna } = await someChats(7);
    const [first] = chats;
    if (first) {
      const at = new Date(Date.now() + 5_000);
      await deliverAndStore(first.phoneNumberId, aText({ from: first.customer, body: "Again", at }));
    }
    const ids = await walk(anna, "limit=100");
    expect(ids).toHaveLength(7);
    expect(ids[0]).toBe(first?.id);

    for (const limit of [1, 2, 3, 6, 7]) expect(await walk(anna, `limit=${limit}`), `${limit}`).toEqual(ids);
  });

  it("neither repeats nor skips among chats of the same moment", async ({ expect }) => {
    const { ground, chats, anna } = await someChats(5);
    await inOneSecond(ground);

    expect(await walk(anna, "limit=2")).toEqual(chats.map(({ id }) => id).sort((a, b) => b - a));
  });

  it("repeats nothing, and skips nothing that rests, while chats move to the top", async ({ expect }) => {
    const { chats, anna } = await someChats(9);
    const moving = chats.slice(0, 4);

    const seen = await walk(anna, "limit=2", async (page) => {
      const chat = moving[page - 1];
      const at = new Date(Date.now() + page * 1_000);
      if (chat) await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Up!", at }));
    });

    expect(new Set(seen).size).toBe(seen.length);
    const resting = chats.slice(4).map(({ id }) => id);
    expect(resting.filter((id) => !seen.includes(id))).toEqual([]);
  });

  it("gives each chat as it is given alone", async ({ expect }) => {
    const { chats, anna } = await someChats(1);
    const { data } = await pageOf(anna, "");

    const { epoch, ...alone } = openChat.parse(await (await anna.get(`/chats/${chats[0]?.id}`)).json());

    expect(epoch).not.toBe("");
    expect(data).toEqual([alone]);
    expect(alone).toMatchObject({ head: 1, unreadCount: 1, lastMessage: { body: "Hello" }, status: "open" });
  });

  it("can be that of one number or one status", async ({ expect }) => {
    const { ground, chats, anna } = await someChats(2);
    const second = await aPhone(ground.organizationId);
    const there = await aChat({ ...ground, ...second });
    const [a, b] = chats;
    await db.execute(sql`update "Chat" set status = 'closed' where id = ${a?.id ?? 0}`);

    expect(await walk(anna, `organizationPhoneId=${second.organizationPhoneId}`)).toEqual([there.id]);
    expect(await walk(anna, "status=closed")).toEqual([a?.id]);
    expect(new Set(await walk(anna, "status=open&limit=1"))).toEqual(new Set([b?.id, there.id]));
    expect(await walk(anna, "status=snoozed")).toEqual([]);
  });

  it.for([
    "limit=0",
    "limit=101",
    "limit=x",
    "status=gone",
    "organizationPhoneId=0",
    "page=2",
    "limit=1&limit=2",
  ])("refuses ?%s and names it", async (query, { expect }) => {
    const answer = await (await as(await anOrganization())).get(`/chats?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: `/${query.split("=")[0]}` }] });
  });
});

describe("marking a chat as read", () => {
  it("takes the number up to which it was read", async ({ expect }) => {
    const { chats, anna } = await someChats(1);
    const [chat] = chats;
    if (!chat) throw new Error("no chat");
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "2" }));
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "3" }));

    const upTo2 = await anna.post(`/chats/${chat.id}/read`, { seq: 2 });
    expect(openChat.parse(await upTo2.json())).toMatchObject({ unreadCount: 1, head: 4 });

    const all = await anna.post(`/chats/${chat.id}/read`);
    expect(openChat.parse(await all.json())).toMatchObject({ unreadCount: 0, head: 5 });
  });

  it.for([{ seq: -1 }, { seq: "2" }, { seq: 1.5 }, { upTo: 2 }])("refuses %j", async (body, { expect }) => {
    const { chats, anna } = await someChats(1);
    const answer = await anna.post(`/chats/${chats[0]?.id}/read`, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: `/${Object.keys(body)[0]}` }] });
  });
});
