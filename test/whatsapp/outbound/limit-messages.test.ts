import { describe, it } from "vitest";
import { sendContent } from "../../../src/whatsapp/outbound/send-content.ts";
import { button, items, list, long, payload, products, sections } from "./makers.ts";
import { aTemplate, reply, row } from "./samples.ts";

describe("a limit that is exceeded", () => {
  it.for<[string, unknown, string]>([
    ["a title", button(reply("1", long(27))), "A button title has at most 20 characters; this one has 27."],
    [
      "buttons",
      button(...list(5, (index) => reply(`${index}`, `${index}`))),
      "A message has at most 3 buttons; this one has 5.",
    ],
    ["nothing", button(), "A message needs buttons; this one has none."],
    [
      "rows of all sections",
      sections([0, 1].map((half) => ({ title: "a", rows: list(7, (index) => row(`${half}${index}`)) }))),
      "A list has at most 10 rows; this one has 14.",
    ],
    [
      "products of all sections",
      products([20, 20].map((one) => ({ title: "a", product_items: items(one) }))),
      "A list of products has at most 30 products; this one has 40.",
    ],
    [
      "buttons of a template",
      aTemplate(list(11, (index) => payload(index % 10))),
      "A template has at most 10 buttons; this one has 11.",
    ],
    [
      "emoji, of two units each",
      { type: "text", message: "😀".repeat(2049) },
      "A text has at most 4096 characters; this one has 4098.",
    ],
  ])("says in its refusal how much there was: %s", ([, content, sentence], { expect }) => {
    const { error } = sendContent.safeParse(content);
    expect(error?.issues.map(({ message }) => message)).toContain(sentence);
  });
});
