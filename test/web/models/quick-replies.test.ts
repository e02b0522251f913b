import { describe, it } from "vitest";
import type { Contact } from "../../../src/domain/chat.ts";
import {
  fillQuickReply,
  findQuickReplies,
  quickReplyQuery,
  unfilledPlace,
} from "../../../src/web/models/quick-replies.ts";

const replies = [
  { id: 1, shortcut: "hello", text: "Hello {{contact.name}}!" },
  { id: 2, shortcut: "hours", text: "We are open from 9 to 18." },
  { id: 3, shortcut: "ещё", text: "Чем ещё помочь?" },
];
const contactOf = (more: Partial<Contact>) =>
  ({
    id: 7,
    name: null,
    profileName: null,
    username: null,
    phone: "79161234567",
    userId: null,
    ...more,
  }) as Contact;

describe("a quick reply (UI-11)", () => {
  it.for([
    ["/", ""],
    ["/hel", "hel"],
    ["/ещё", "ещё"],
    ["and/or", null],
    ["https://a/b", null],
    ["/a/b", null],
    ["/usr bin", null],
    ["", null],
  ] as const)("is looked for by %j: %j", ([text, query], { expect }) => {
    expect(quickReplyQuery(text)).toBe(query);
  });

  it.for([
    ["", [1, 2, 3]],
    ["h", [1, 2]],
    ["open", [2]],
    ["ЕЩЕ", [3]],
    ["nothing", []],
  ] as const)("is found by %j", ([query, ids], { expect }) => {
    expect(findQuickReplies(replies, query).map(({ id }) => id)).toEqual(ids);
  });

  it("is filled in with the name, and keeps what is not known", ({ expect }) => {
    const text = "Hello {{ contact.name }}, order {{order}}";
    expect(fillQuickReply(text, contactOf({ name: "Vera" }))).toBe("Hello Vera, order {{order}}");
    expect(fillQuickReply(text, contactOf({ username: "vera" }))).toBe("Hello @vera, order {{order}}");
    expect(fillQuickReply("Hello {{contact.name}}", contactOf({}))).toBe("Hello {{contact.name}}");
    expect(unfilledPlace("order {{order}} and {{x}}")).toBe("{{order}}");
    expect(unfilledPlace("order 12")).toBeNull();
  });
});
