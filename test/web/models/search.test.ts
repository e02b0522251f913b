import { describe, it } from "vitest";
import type { Snippet } from "../../../src/domain/snippet.ts";
import { inboxAddress } from "../../../src/web/models/inbox-address.ts";
import { markedParts } from "../../../src/web/models/marked-text.ts";

describe("the parts of a snippet", () => {
  it.for<[Snippet, string[]]>([
    [{ text: "my order is late", marks: [[3, 8]] }, ["my ", "[order]", " is late"]],
    [
      {
        text: "order order",
        marks: [
          [0, 5],
          [6, 11],
        ],
      },
      ["[order]", " ", "[order]"],
    ],
    [
      {
        text: "A-12345",
        marks: [
          [0, 1],
          [2, 7],
        ],
      },
      ["[A]", "-", "[12345]"],
    ],
    [{ text: "nothing", marks: [] }, ["nothing"]],
    [{ text: "<b>x</b>", marks: [[3, 4]] }, ["<b>", "[x]", "</b>"]],
  ])("of %j are %j", ([snippet, expected], { expect }) => {
    const shown = markedParts(snippet).map(({ text, isMarked }) => (isMarked ? `[${text}]` : text));
    expect(shown).toEqual(expected);
  });
});

describe("an address of the inbox", () => {
  it.for<[string, number | null, number | null, string]>([
    ["", null, null, "/inbox"],
    ["", 7, null, "/inbox/7"],
    ["view=mine&message=3", 7, null, "/inbox/7?view=mine"],
    ["view=mine&message=3", 7, 9, "/inbox/7?view=mine&message=9"],
    ["?message=3", null, null, "/inbox"],
  ])("from %j to chat %j and message %j is %j", ([search, chatId, messageId, expected], { expect }) => {
    expect(inboxAddress(search, chatId, messageId)).toBe(expected);
  });
});
