import { describe, it } from "vitest";
import type { TemplateFormField } from "../../../src/http/contract.ts";
import { fieldOf, templateProblemText } from "../../../src/web/models/template-problem.ts";

const field = (key: string, part: string, card: number | null = null, button: number | null = null) =>
  ({ key, where: { part, card, button } }) as TemplateFormField;
const form = [
  field("body.1", "body"),
  field("body.2", "body"),
  field("buttons.1.url", "button", null, 1),
  field("offer.expiresAt", "offer"),
  field("cards.0.body.1", "body", 0),
  field("cards.1.buttons.0.url", "button", 1, 0),
];
const body = { type: "body", parameters: [{ type: "text", text: "a" }] };
const button = (index: string) => ({ type: "button", sub_type: "url", index, parameters: [] });
const send = {
  name: "sale",
  components: [
    body,
    button("1"),
    { type: "limited_time_offer" },
    { type: "carousel", cards: [{ components: [body] }, { components: [body, button("0")] }] },
  ],
};

describe("a problem of a filled-in template (UI-10)", () => {
  it.for([
    ["/components/0/parameters/1", "body.2"],
    ["/components/0/parameters/1/text", "body.2"],
    ["/components/0/parameters", "body.1"],
    ["/components/1/parameters/0", "buttons.1.url"],
    ["/components/2/parameters/0", "offer.expiresAt"],
    ["/components/3/cards/0/components/0/parameters/0", "cards.0.body.1"],
    ["/components/3/cards/1/components/1/parameters/0", "cards.1.buttons.0.url"],
    ["/components/3/cards/7/components/0/parameters/0", undefined],
    ["/components/9/parameters/0", undefined],
    ["/name", undefined],
    ["", undefined],
  ] as const)("at %s is about the field %s", ([pointer, key], { expect }) => {
    expect(fieldOf({ pointer }, send, form)?.key).toBe(key);
  });

  it("is the server's in English, and in Russian that of its code", ({ expect }) => {
    const problem = { code: "bad_characters", detail: "The body's variable {{1}} must not hold tabs." };
    expect(templateProblemText(problem, "Text, {{1}}", "en")).toBe(problem.detail);
    expect(templateProblemText(problem, "Текст, {{1}}", "ru")).toMatch(
      /^Текст, \{\{1\}\}: без переносов строк/,
    );
    const other = { code: "tomorrow", detail: "Something new." };
    expect(templateProblemText(other, "Текст", "ru")).toBe("Текст: такое значение Meta не примет.");
  });
});
