import { describe, it } from "vitest";
import { parseHistory } from "../../src/whatsapp/parse-history.ts";

const metadata = { display_phone_number: "+7 900 123-45-67", phone_number_id: "987654321098765" };
const text = (id: string, from: string, more: object = {}) => ({
  id,
  from,
  timestamp: "1780000000",
  type: "text",
  text: { body: id },
  ...more,
});

describe("the history of a phone", () => {
  const theirs = text("wamid.1", "79161234567", { history_context: { status: "READ" } });
  const ours = text("wamid.2", "79001234567", {
    to: "79161234567",
    history_context: { status: "DELIVERED" },
  });
  const thread = {
    context: { wa_id: "79161234567", user_id: "RU.48151623420001", username: "anna.ru" },
    messages: [theirs, ours],
  };
  const chunk = (threads: unknown[]) => ({ metadata: { phase: 1, chunk_order: "3", progress: 55 }, threads });

  it("gives its threads by person, in chunks, none of which opens a service window", ({ expect }) => {
    const read = parseHistory({ metadata, history: [chunk([thread])] });
    expect(read).toMatchObject({ declined: [], messages: [], unreadable: 0 });
    expect(read.chunks).toMatchObject([{ phase: 1, chunkOrder: 3, progress: 55 }]);
    const anna = {
      phone: "79161234567",
      userId: "RU.48151623420001",
      parentUserId: null,
      username: "anna.ru",
    };
    expect(read.chunks[0]?.threads.map(({ contact }) => contact)).toEqual([anna]);
    expect(read.chunks[0]?.threads[0]?.messages).toMatchObject([
      { wamid: "wamid.1", fromMe: false, body: "wamid.1", opensServiceWindow: false, historyStatus: "READ" },
      {
        wamid: "wamid.2",
        fromMe: true,
        opensServiceWindow: false,
        historyStatus: "DELIVERED",
        contact: { phone: "79161234567" },
      },
    ]);
    expect(read.chunks[0]?.threads[0]?.messages[0]?.payload).toBe(JSON.stringify(theirs));
  });

  it("knows our own messages by our number, or by whom they are to", ({ expect }) => {
    const messages = [
      text("wamid.1", "79001234567"),
      text("wamid.2", "79161234567", { to: "79001234567" }),
      text("wamid.3", "79001111111", { to: "79161234567" }),
      text("wamid.4", "79001111111", { to_user_id: "RU.48151623420001" }),
      text("wamid.5", "79161234567"),
    ];
    const whose = (value: object) =>
      parseHistory(value).chunks.flatMap(({ threads }) =>
        threads.flatMap((one) => one.messages.map(({ fromMe }) => fromMe)),
      );
    const history = [chunk([{ id: "79161234567", messages }])];
    expect(whose({ metadata, history })).toEqual([true, false, true, true, false]);
  });

  it("takes a thread's own id for the person where nothing else names them", ({ expect }) => {
    const history = [chunk([{ id: "79161234567", messages: [{ ...theirs, from: undefined }] }])];
    expect(parseHistory({ metadata, history }).chunks[0]?.threads).toMatchObject([
      { contact: { phone: "79161234567" }, messages: [{ contact: { phone: "79161234567" } }] },
    ]);
  });

  it("may be declined", ({ expect }) => {
    const errors = [{ code: 2593109, title: "t", error_data: { details: "History sync is turned off." } }];
    expect(parseHistory({ metadata, history: [{ errors }] })).toEqual({
      chunks: [],
      messages: [],
      declined: [{ code: 2593109, title: "t", detail: "History sync is turned off.", href: null }],
      unreadable: 0,
    });
  });

  it("brings files later, to placeholders from earlier chunks", ({ expect }) => {
    const image = { type: "image", image: { id: "11" } };
    const messages = [{ ...theirs, ...image }];
    const message_echoes = [{ ...ours, ...image }];
    expect(parseHistory({ metadata, messages, message_echoes }).messages).toMatchObject([
      { wamid: "wamid.1", fromMe: false, messageType: "image", opensServiceWindow: false },
      { wamid: "wamid.2", fromMe: true, messageType: "image", opensServiceWindow: false },
    ]);
  });

  it("counts what it cannot read, and never throws", ({ expect }) => {
    const messages = [theirs, null, {}, { id: "wamid.X" }, "x"];
    expect(parseHistory({ metadata, history: [chunk([{ ...thread, messages }, null])] }).unreadable).toBe(4);
    const deep: unknown = JSON.parse("[".repeat(200_000) + "]".repeat(200_000));
    expect(parseHistory({ messages: [{ ...theirs, deep }] }).messages.length).toBeLessThan(2);
    for (const odd of [
      null,
      1,
      "x",
      [],
      { history: {} },
      { history: [[], 1, { threads: "x", metadata: 1 }] },
    ]) {
      expect(parseHistory(odd)).toMatchObject({ messages: [], declined: [], unreadable: 0 });
    }
  });
});
