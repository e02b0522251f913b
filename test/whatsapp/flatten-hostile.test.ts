import { describe, it } from "vitest";
import { sourceOf } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import nulInText from "../fixtures/meta/nul-in-text.json" with { type: "json" };
import { again, bodyWith, bytesOf, flattenBody, lostOf, messagesOf, noticesOf } from "./fixtures.ts";

const message = {
  from: "79161234567",
  id: "wamid.X",
  timestamp: "1790000000",
  type: "text",
  text: { body: "Hello" },
};

function bodyText(item: string): string {
  return JSON.stringify(bodyWith({ messages: ["ITEM"] })).replace('"ITEM"', item);
}

describe("a hostile body", () => {
  it("keeps U+0000 and lone surrogates in the payload, and out of what is shown", ({ expect }) => {
    const lone = JSON.stringify(message).replace("Hello", "x\\ud83dy");
    const [nul, half] = [flattenBody(nulInText), flatten(bytesOf(bodyText(lone)))].flatMap(messagesOf);
    expect([nul?.body, nul?.contact.name, half?.body]).toEqual(["a\uFFFDb", "An\uFFFDna", "x\uFFFDy"]);
    expect(nul?.payload).toContain("a\\u0000b");
    expect(half?.payload).toBe(lone);
  });

  it("keeps every number as it was written", ({ expect }) => {
    const odd =
      '{"from":79161234567,"id":"wamid.N","timestamp":1790000000,"type":"text","text":{"body":"n"},"n":NUMBER}';
    for (const number of [
      "12345678901234567890",
      "1.10",
      "1e400",
      "-0",
      "1E5",
      "0.1",
      "-12345678901234567890.5",
    ]) {
      const [event, ...more] = flatten(bytesOf(bodyText(odd.replace("NUMBER", number))));
      expect(more).toEqual([]);
      expect(event).toMatchObject({
        kind: "message",
        payload: odd.replace("NUMBER", number),
        contact: { phone: "79161234567" },
      });
      expect(event && again(event)).toEqual([event]);
    }
  });

  it("may give an id as a number, beyond what a double holds too", ({ expect }) => {
    const item = JSON.stringify(message).replace('"wamid.X"', "12345678901234567891");
    expect(messagesOf(flatten(bytesOf(bodyText(item))))[0]?.wamid).toBe("12345678901234567891");
  });

  it.for([
    ['"NaN"'],
    ["null"],
    ["-1"],
    ["1e400"],
    ["253402300800000"],
    ['"2026-13-01T12:00:00Z"'],
    ['"1969-12-31T23:59:59Z"'],
    ['"2026-09-21"'],
    ['"99999999999999999999"'],
    ['""'],
    ["{}"],
    ['{"toString":1}'],
    ["1.5"],
  ])("with the time %s gives an unreadable item", ([time], { expect }) => {
    const item = JSON.stringify(message).replace('"1790000000"', String(time));
    expect(flatten(bytesOf(bodyText(item)))).toMatchObject([{ kind: "notice", reason: "unreadable_item" }]);
  });

  it.for([
    ["1790000000", "2026-09-21T14:13:20.000Z"],
    ["1790000000.0", "2026-09-21T14:13:20.000Z"],
    ['"0"', "1970-01-01T00:00:00.000Z"],
    ["253402300799", "9999-12-31T23:59:59.000Z"],
    ['"1790000000123"', "2026-09-21T14:13:20.123Z"],
    ["1790000000123", "2026-09-21T14:13:20.123Z"],
    ['"2026-09-21T14:13:20Z"', "2026-09-21T14:13:20.000Z"],
    ['"2026-09-21T17:13:20.5+03:00"', "2026-09-21T14:13:20.500Z"],
  ])("may say the time %s", ([time, at], { expect }) => {
    const item = JSON.stringify(message).replace('"1790000000"', String(time));
    expect(flatten(bytesOf(bodyText(item)))).toMatchObject([{ kind: "message", at }]);
  });

  it.for<[string, unknown]>([
    ["513 letters", "a".repeat(513)],
    ["nothing", ""],
    ["blanks", "  "],
    ["U+0000", "a\u0000"],
    ["half a pair", "a\ud800"],
    ["an object", {}],
    ["true", true],
    ["a negative number", -5],
    ["a fraction", 1.5],
  ])("with an id of %s gives an unreadable item", ([, id], { expect }) => {
    const events = flattenBody(bodyWith({ messages: [{ ...message, id }] }));
    expect(events).toMatchObject([{ kind: "notice", reason: "unreadable_item" }]);
  });

  it("pollutes no prototype and takes no key for a method", ({ expect }) => {
    const own = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toJSON":1,`;
    const rest = JSON.stringify(message).slice(1);
    for (const type of ["text", "__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const item = (own + rest).replace('"type":"text"', `"type":"${type}"`);
      const [event] = messagesOf(flatten(bytesOf(bodyText(item))));
      expect(event).toMatchObject({ messageType: type, payload: item });
      expect(event?.body).toBe(type === "text" ? "Hello" : `[${type}]`);
      expect(event && again(event)).toEqual([event]);
    }
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("may name a key twice: the last one counts", ({ expect }) => {
    const item = JSON.stringify(message).replace('"from"', '"from":"1","from"');
    expect(messagesOf(flatten(bytesOf(bodyText(item))))[0]?.contact.phone).toBe("79161234567");
  });

  it("may hold a text of a megabyte, of which the body is a part and the payload all", ({ expect }) => {
    const long = "😀".repeat(500_000);
    const [event] = messagesOf(flattenBody(bodyWith({ messages: [{ ...message, text: { body: long } }] })));
    expect(event?.body).toHaveLength(65_536);
    expect(event?.body.isWellFormed()).toBe(true);
    expect(event?.payload).toContain(long);
  });

  // Where the engine writes any depth it becomes an item of its own; where it cannot, the whole body is stored as well.
  it("may nest deeper than the stack: the others are read, and nothing is lost", ({ expect }) => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const events = flatten(
      bytesOf(bodyText(`${JSON.stringify(message)},{"id":"wamid.DEEP","x":${deep}},{"n":1.10}`)),
    );
    expect(messagesOf(events).map(({ wamid }) => wamid)).toEqual(["wamid.X"]);
    const notices = noticesOf(events);
    expect(notices.map(({ reason }) => reason)).toEqual(["unreadable_item", "unreadable_item"]);
    const sources = notices.map(({ source, raw }) => source ?? atob(raw ?? ""));
    expect(sources.filter((text) => text.includes(`"wamid.DEEP","x":${deep}`))).toHaveLength(1);
  });

  const nulls = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`key${i}`, null]));
  const junk = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`key${i}`, "junk"]));
  const items = (n: number) => Array.from({ length: n }, (_, i) => ({ ...message, id: `wamid.${i}` }));
  const metadata = { display_phone_number: "79001234567", phone_number_id: "987654321098765" };
  const entryOf = (body: object) => (body as { entry: [{ changes: [object] }] }).entry[0];
  it.for<[string, (n: number) => object]>([
    ["nulls beside the entries", (n) => ({ ...nulls(n), ...bodyWith({ messages: items(n) }) })],
    [
      "nulls beside the changes",
      (n) => ({ entry: [{ ...nulls(n), ...entryOf(bodyWith({ messages: items(n) })) }] }),
    ],
    [
      "nulls beside a value",
      (n) => ({
        entry: [{ changes: [{ ...nulls(n), ...entryOf(bodyWith({ messages: items(n) })).changes[0] }] }],
      }),
    ],
    ["nulls beside the items", (n) => bodyWith({ ...nulls(n), messages: items(n) })],
    ["nulls beside other keys", (n) => bodyWith({ ...nulls(n), ...junk(n), messages: items(n) })],
    ["much metadata", (n) => bodyWith({ messages: items(n), metadata: { ...junk(n), ...metadata } })],
    [
      "a large contact",
      (n) =>
        bodyWith({ messages: items(n), contacts: [{ wa_id: message.from, ...junk(n), profile: junk(n) }] }),
    ],
    [
      "a large thread",
      (n) => {
        const thread = { id: message.from, context: { wa_id: message.from, ...junk(n) }, messages: items(n) };
        return bodyWith({ history: [{ metadata: junk(n), threads: [thread] }] }, "history");
      },
    ],
  ])("is not multiplied by %s", ([, bodyOf], { expect }) => {
    const [small, large] = [20, 1_000].map((n) => {
      const events = flattenBody(bodyOf(n));
      const length = events.reduce((sum, event) => sum + (sourceOf(event)?.length ?? 0), 0);
      return { events, length };
    });
    expect(messagesOf(large?.events ?? [])).toHaveLength(50 * messagesOf(small?.events ?? []).length);
    expect((large?.length ?? 0) / (small?.length ?? 0)).toBeLessThan(100);
    const [first, ...later] = large?.events ?? [];
    expect(first && again(first)).toEqual([first]);
    expect(later.slice(-1).flatMap(again)).toEqual(later.slice(-1));
    expect(lostOf(JSON.stringify(bodyOf(20)), small?.events ?? [])).toEqual([]);
  });
});
