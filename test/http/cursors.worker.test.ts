import { describe, it } from "vitest";
import { readCursor, writeCursor } from "../../src/http/cursor.ts";
import { as, type Person } from "../support/as.ts";
import { aChat, anOrganization } from "../support/build.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { askWith } from "../support/worker.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Every cursor that is cut, or has one bit of one character changed. */
function damaged(cursor: string): string[] {
  const cut = Array.from(cursor, (_, length) => cursor.slice(0, length));
  const flipped = [...cursor].flatMap((character, at) =>
    [1, 2, 4, 8, 16, 32].map((bit) => {
      const other = ALPHABET[ALPHABET.indexOf(character) ^ bit] ?? "";
      return cursor.slice(0, at) + other + cursor.slice(at + 1);
    }),
  );
  return [...cut, ...flipped];
}

/** Asks the app itself: so many calls from outside take their time. */
async function answersTo({ token }: Person, path: string, cursors: string[]) {
  const init = { headers: { authorization: `Bearer ${token}` } };
  const statuses: number[] = [];
  for (const cursor of cursors) {
    const address = `/api/waba${path}cursor=${cursor}`;
    statuses.push((await askWith({}, address, init)).status);
  }
  return Map.groupBy(statuses, (status) => status);
}

async function aPagedChat() {
  const ground = await anOrganization();
  const chat = await aChat(ground);
  await aChat(ground);
  await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "2" }));
  const anna = await as(ground);
  const cursorOf = async (path: string, name: "nextCursor" | "prevCursor") => {
    const page = await (await anna.get(path)).json<Record<string, string | null>>();
    return page[name] ?? "";
  };
  return {
    chat,
    anna,
    ofChats: await cursorOf("/chats?limit=1", "nextCursor"),
    ofMessages: await cursorOf(`/chats/${chat.id}/messages?limit=1`, "prevCursor"),
  };
}

describe("a cursor", () => {
  it("that is damaged is refused, or is a place in the list, but no failure", async ({ expect }) => {
    const { chat, anna, ofChats, ofMessages } = await aPagedChat();
    expect(ofChats.length).toBeGreaterThan(20);
    expect(ofMessages.length).toBeGreaterThan(20);

    const chats = await answersTo(anna, "/chats?limit=1&", damaged(ofChats));
    const messages = await answersTo(anna, `/chats/${chat.id}/messages?limit=1&`, damaged(ofMessages));

    expect([...chats.keys()].filter((status) => ![200, 400].includes(status))).toEqual([]);
    // A place beside a message that this chat has not is not found.
    expect([...messages.keys()].filter((status) => ![200, 400, 404].includes(status))).toEqual([]);
    expect(chats.get(400)?.length).toBeGreaterThan(100);
  });

  it.for<[string, unknown]>([
    ["a month 13", { id: 1, lastMessageAt: "2026-13-01T00:00:00.000Z" }],
    ["a 30 February", { id: 1, lastMessageAt: "2026-02-30T00:00:00.000Z" }],
    ["a time as Postgres writes it", { id: 1, lastMessageAt: "2026-02-03 00:00:00+99" }],
    ["no time", { id: 1, lastMessageAt: "now" }],
    ["a time of the year 200,000", { id: 1, lastMessageAt: "+200000-01-01T00:00:00.000Z" }],
    ["a negative id", { id: -1, lastMessageAt: "2026-02-03T00:00:00.000Z" }],
    ["an id beyond integers", { id: 2 ** 31, lastMessageAt: "2026-02-03T00:00:00.000Z" }],
    ["an id as text", { id: "1", lastMessageAt: "2026-02-03T00:00:00.000Z" }],
    ["nothing", null],
    ["a list", []],
  ])("of chats with %s in it is refused", async ([, place], { expect }) => {
    const anna = await as(await anOrganization());
    const cursor = btoa(JSON.stringify(["chats?{}", place])).replaceAll("=", "");
    const answer = await anna.get(`/chats?cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid_cursor", errors: [{ pointer: "/cursor" }] });
  });

  it.for([
    { side: "around", messageId: 1 },
    { side: "before" },
    { side: "after", messageId: 2 ** 31 },
    "before",
    1,
  ])("of messages with %j in it is refused", async (place, { expect }) => {
    const { chat, anna } = await aPagedChat();
    const cursor = btoa(JSON.stringify([`chats/${chat.id}/messages`, place])).replaceAll("=", "");
    const answer = await anna.get(`/chats/${chat.id}/messages?cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid_cursor" });
  });

  it("serves for the list it was made for, and with its filters", async ({ expect }) => {
    const { chat, anna, ofChats, ofMessages } = await aPagedChat();
    const other = await aChat(chat);
    const paths = [
      `/chats?status=open&cursor=${ofChats}`,
      `/chats?cursor=${ofMessages}`,
      `/chats/${other.id}/messages?cursor=${ofMessages}`,
      `/chats/${chat.id}/messages?cursor=${ofChats}`,
    ];
    for (const path of paths) expect((await anna.get(path)).status, path).toBe(400);
    expect((await anna.get(`/chats?cursor=${ofChats}`)).status).toBe(200);
    expect((await anna.get(`/chats/${chat.id}/messages?cursor=${ofMessages}`)).status).toBe(200);
  });

  it("is read back as it was written, from an alphabet that an address takes", ({ expect }) => {
    const place = { id: 7, note: "???>>>~~~" };
    const cursor = writeCursor("list", place);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor("list", cursor, (read): read is unknown => read !== null)).toEqual(place);
  });
});
