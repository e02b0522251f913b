import { beforeAll, describe, it } from "vitest";
import type { Chat } from "../../src/domain/chat.ts";
import type { Message } from "../../src/domain/message.ts";
import { as, type Person } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { publishNow } from "../support/publish-now.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import type { Tab } from "../support/tab.ts";

/** The longest text that WhatsApp sends, in two bytes a letter. */
const LONG = "ж".repeat(65_000);

type Page = { data: Message[]; nextCursor: string | null; prevCursor: string | null };
type EventPage = { data: { seq: number; message: Message }[]; nextCursor: string | null; head: number };

describe("texts of 65,000 letters, 80 in a chat that is watched", () => {
  let anna: Person;
  let chat: Awaited<ReturnType<typeof aChat>>;
  let before: { head: number; epoch: string };
  let events: Awaited<ReturnType<typeof readAll>>;
  let newest: Awaited<ReturnType<typeof newestRow>>;

  beforeAll(async () => {
    ({ chat, anna } = await aChatOfAnna());
    before = await (await anna.get(`/chats/${chat.id}`)).json();
    const [tab, inbox] = [await anna.openTab(chat.id), await anna.openInbox()];
    const read = Promise.all([readAll(tab, 82), newestRow(inbox, 82)]);
    for (let batch = 0; batch < 4; batch += 1) {
      await publishNow(await ingestItems(chat, ...manyTexts(chat, 20)));
    }
    await publishNow(await ingestItems(chat, aTextOf("the last", { from: chat.customer })));
    [events, newest] = await read;
  });

  it("close no socket that acknowledges: the room waits, and then sends the rest in order", ({ expect }) => {
    expect(events.map(({ seq }) => seq)).toEqual(seqs(2, 82));
    expect(events[0]?.message).toMatchObject({ isTruncated: true });
    expect(utf8(events[0]?.message?.body)).toBeLessThanOrEqual(16_384 + utf8("…"));
    expect(events.at(-1)).toMatchObject({ message: { body: "the last" }, chat: { head: 82 } });
    expect(events.at(-1)?.message).not.toHaveProperty("isTruncated");
    expect(newest).toMatchObject({ chat: { lastMessage: { body: "the last" } } });
  });

  it("are replayed in windows", async ({ expect }) => {
    const tab = await anna.openTab(chat.id, `?since=${before.head}&epoch=${before.epoch}`);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", resume: "replay", head: 82 });
    expect((await readAll(tab, 82)).map(({ seq }) => seq)).toEqual(seqs(2, 82));
  });
});

describe("texts of 65,000 letters", () => {
  it("make a client that acknowledges nothing wait, and then close it", async ({ expect }) => {
    const { chat, anna } = await aChatOfAnna();
    const [silent, attentive] = [await anna.openTab(chat.id), await anna.openTab(chat.id)];
    const read = readAll(attentive, 61);
    for (let batch = 0; batch < 3; batch += 1) {
      await publishNow(await ingestItems(chat, ...manyTexts(chat, 20)));
    }
    expect((await read).map(({ seq }) => seq)).toEqual(seqs(2, 61));

    expect(await silent.closed).toBe(4408);
    const bytes = silent.frames.reduce((sum, frame) => sum + utf8(JSON.stringify(frame)), 0);
    expect(bytes).toBeLessThan(1_100_000);
  });

  it("end a page early, with a cursor, and are whole in it", async ({ expect }) => {
    const { chat, anna } = await aChatOfAnna();
    await ingestItems(chat, ...manyTexts(chat, 20));
    for (const include of ["", "&include=payload"]) {
      const messages: Message[] = [];
      let page = await pageAt(`messages?limit=100${include}`);
      for (;;) {
        expect(page.data.length).toBeLessThan(12);
        messages.unshift(...page.data);
        if (page.prevCursor === null) break;
        page = await pageAt(`messages?limit=100${include}&cursor=${page.prevCursor}`);
      }
      expect(messages.map(({ seq }) => seq)).toEqual(seqs(1, 21));
      expect(messages[1]?.body).toBe(LONG);
      expect(messages[1]).not.toHaveProperty("isTruncated");
    }
    const around = await pageAt(
      `messages?limit=100&around=${(await pageAt("messages?limit=20")).data[2]?.id}`,
    );
    expect([around.prevCursor, around.nextCursor]).toEqual([expect.any(String), expect.any(String)]);

    async function pageAt(path: string): Promise<Page> {
      return await smallJson(await anna.get(`/chats/${chat.id}/${path}`));
    }
  });

  it("end a page of events early, with a cursor", async ({ expect }) => {
    const { chat, anna } = await aChatOfAnna();
    await ingestItems(chat, ...manyTexts(chat, 20));
    for (const include of ["", "&include=payload"]) {
      const numbers: number[] = [];
      let path = `events?after=0${include}`;
      for (;;) {
        const page: EventPage = await smallJson(await anna.get(`/chats/${chat.id}/${path}`));
        expect(page).toMatchObject({ head: 21 });
        expect(page.data.length).toBeLessThan(12);
        numbers.push(...page.data.map(({ seq }) => seq));
        if (page.nextCursor === null) break;
        path = `events?cursor=${page.nextCursor}${include}`;
      }
      expect(numbers).toEqual(seqs(1, 21));
    }
    expect((await anna.get(`/chats/${chat.id}/events?after=1&cursor=x`)).status).toBe(400);
  });

  it("are cut to 300 characters in the list, and whole in the message", async ({ expect }) => {
    const { chat, anna } = await aChatOfAnna();
    await ingestItems(chat, aTextOf("👍".repeat(400), { from: chat.customer }));
    const { data } = await (await anna.get("/chats")).json<{ data: Chat[] }>();
    const last = data[0]?.lastMessage;
    expect(last).toMatchObject({ body: `${"👍".repeat(300)}…`, isTruncated: true });
    expect(await (await anna.get(`/messages/${last?.id}`)).json()).toMatchObject({ body: "👍".repeat(400) });
  });
});

async function aChatOfAnna() {
  const chat = await aChat();
  return { chat, anna: await as(chat) };
}

function manyTexts(chat: { customer: string }, count: number) {
  return Array.from({ length: count }, () => aTextOf(LONG, { from: chat.customer }));
}

function seqs(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Reads events as a client does: applies each, and acknowledges every few. */
async function readAll(tab: Tab, last: number) {
  const events: { seq: number; message?: Message; chat?: Chat }[] = [];
  while ((events.at(-1)?.seq ?? 0) < last) {
    const frame = await tab.nextFrame();
    if (frame.type !== "event") continue;
    events.push(frame as never);
    if (events.length % 4 === 0) tab.send({ type: "ack", seq: events.at(-1)?.seq });
  }
  return events;
}

async function newestRow(inbox: Tab, head: number) {
  for (;;) {
    const frame = await inbox.nextFrame();
    if (frame.type === "chat" && (frame as unknown as { chat: Chat }).chat.head === head) return frame;
  }
}

function utf8(text = ""): number {
  return new TextEncoder().encode(text).length;
}

/** No answer is above 2 MB. */
async function smallJson<Body>(response: Response): Promise<Body> {
  const text = await response.text();
  if (utf8(text) > 2_000_000) throw new Error(`${utf8(text)} bytes`);
  return JSON.parse(text);
}
