import { describe, it } from "vitest";
import { contentTypes } from "../../src/whatsapp/content/content-types.ts";
import { parseContent } from "../../src/whatsapp/content/parse-content.ts";
import { toBody } from "../../src/whatsapp/content/to-body.ts";
import bodies from "./bodies.txt?raw";
import { bodyWith, flattenBody, messagesOf, noticesOf } from "./fixtures.ts";

// One line per case: our type ⇒ the body, with ⏎ for a new line ⇐ Meta's message object; or, for a message that comes in a
// field of its own, the webhook's field and value.
const lines = bodies.trimEnd().split("\n");

describe("the list of bodies", () => {
  it("has a line for every type of content", ({ expect }) => {
    const types = new Set(lines.map((line) => line.split(" ⇒ ")[0]));
    expect(types, "lines of bodies.txt").toEqual(new Set(Object.keys(contentTypes)));
  });

  it("has the type and the body of each message", ({ expect }) => {
    const read = lines.map((line) => {
      const [, input = ""] = line.split(" ⇐ ");
      const { type, body } = parseLine(JSON.parse(input));
      return `${type} ⇒ ${body.replaceAll("\n", "⏎")} ⇐ ${input}`;
    });
    expect(read).toEqual(lines);
  });
});

function parseLine(message: { field?: string; value?: object }): { type: string; body: string } {
  const { field, value } = message;
  if (!field || !value) return { type: parseContent(message).type, body: toBody(parseContent(message)) };
  const events = flattenBody(bodyWith(value, field));
  const [first] = [...messagesOf(events), ...noticesOf(events).flatMap(({ message }) => message ?? [])];
  return { type: JSON.parse(first?.content ?? "{}").type, body: first?.body ?? "" };
}
