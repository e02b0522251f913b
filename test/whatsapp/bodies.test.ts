import { describe, it } from "vitest";
import type { MessageContent } from "../../src/domain/message-content.ts";
import { parseContent } from "../../src/whatsapp/content/parse-content.ts";
import { bodyOf } from "../../src/whatsapp/message-content.ts";
import bodies from "./bodies.txt?raw";
import { bodyWith, flattenBody, messagesOf } from "./fixtures.ts";

/** Every type there is: one that is missing or too many here is an error of types. */
const every: Record<MessageContent["type"], true> = {
  text: true,
  call: true,
  image: true,
  video: true,
  audio: true,
  document: true,
  sticker: true,
  location: true,
  contacts: true,
  reaction: true,
  edit: true,
  revoke: true,
  buttonReply: true,
  listReply: true,
  templateButton: true,
  flowReply: true,
  addressReply: true,
  callPermissionReply: true,
  payment: true,
  order: true,
  system: true,
  requestWelcome: true,
  interactive: true,
  template: true,
  unsupported: true,
  unknown: true,
  errors: true,
  mediaPlaceholder: true,
  other: true,
};

// One line per kind of message: our type ⇒ its body, with ⏎ for a new line ⇐ Meta's object; or, where that is no message
// of its own, the webhook's field and value.
const lines = bodies.trimEnd().split("\n");

describe("the list of bodies", () => {
  it("has a line for every type of content", ({ expect }) => {
    expect(new Set(lines.map((line) => line.split(" ⇒ ")[0]))).toEqual(new Set(Object.keys(every)));
  });

  it("says what each message reads as", ({ expect }) => {
    const read = lines.map((line) => {
      const [, input = ""] = line.split(" ⇐ ");
      const { type, body } = parseNotice(JSON.parse(input));
      return `${type} ⇒ ${body.replaceAll("\n", "⏎")} ⇐ ${input}`;
    });
    expect(read).toEqual(lines);
  });
});

function parseNotice(message: { field?: string; value?: object }): { type: string; body: string } {
  const { field, value } = message;
  if (!field || !value) return { type: parseContent(message).type, body: bodyOf(message) };
  const [told] = messagesOf(flattenBody(bodyWith(value, field)));
  return { type: JSON.parse(told?.content ?? "{}").type, body: told?.body ?? "" };
}
