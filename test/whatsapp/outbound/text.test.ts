import { describe, it } from "vitest";
import { textMessage } from "../../../src/whatsapp/outbound/text.ts";

describe("a text to send", () => {
  it.for([
    ["one character", "a"],
    ["lines with blanks around", " a\nb "],
    ["4,096 letters", "a".repeat(4096)],
    ["2,048 emoji, of two units each", "😀".repeat(2048)],
  ])("may be %s", ([, message], { expect }) => {
    expect(textMessage.safeParse(message).success).toBe(true);
  });

  it.for<[string, unknown]>([
    ["empty", ""],
    ["blank", " \n"],
    ["4,097 letters", "a".repeat(4097)],
    ["2,049 emoji", "😀".repeat(2049)],
    ["a text with U+0000", "a\u0000"],
    ["a text with half a pair", "a\ud800"],
    ["a number", 5],
    ["null", null],
    ["absent", undefined],
  ])("may not be %s", ([, message], { expect }) => {
    expect(textMessage.safeParse(message).success).toBe(false);
  });
});
