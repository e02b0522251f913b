import fc from "fast-check";
import { describe, it } from "vitest";
import { messageTypeOf, parseContent } from "../../../src/whatsapp/content/parse-content.ts";
import { toBody } from "../../../src/whatsapp/content/to-body.ts";

const nested = {
  type: "edit",
  edit: { message: { type: "edit", edit: { message: { type: "text", text: { body: "x" } } } } },
};

describe("the body of a message", () => {
  it.for<[object, string]>([
    [{ type: "text", text: { body: "Hello" } }, "Hello"],
    [{ type: "text", text: { body: "" } }, "[text]"],
    [{ type: "text", text: { body: " \n" } }, "[text]"],
    [{ type: "text" }, "[text]"],
    [{ type: "text", text: "Hello" }, "[text]"],
    [{ text: { body: "without a type" } }, "without a type"],
    [{ type: "image", image: { id: "1" } }, "[image]"],
    [{ type: "image", image: { id: "1", caption: "Taj Mahal" } }, "Taj Mahal"],
    [{ type: "video", video: { id: "1" } }, "[video]"],
    [{ type: "audio", audio: { id: "1" } }, "[audio]"],
    [{ type: "audio", audio: { id: "1", voice: true } }, "[voice message]"],
    [{ type: "document", document: { filename: "bill.pdf" } }, "📄 bill.pdf"],
    [{ type: "document", document: { filename: "bill.pdf", caption: "The bill" } }, "The bill"],
    [{ type: "sticker", sticker: { id: "1" } }, "[sticker]"],
    [{ type: "location", location: { latitude: 55.75, longitude: 37.61, name: "Cafe" } }, "📍 Cafe"],
    [
      { type: "location", location: { latitude: 55.75, longitude: 37.61, address: "Tverskaya 1" } },
      "📍 Tverskaya 1",
    ],
    [{ type: "location", location: { latitude: 55.75, longitude: -37.61 } }, "📍 55.75, -37.61"],
    [{ type: "location", location: { latitude: "55.75", longitude: {} } }, "[location]"],
    [{ type: "contacts", contacts: [{ name: { formatted_name: "Anna B." } }] }, "👤 Anna B."],
    [
      {
        type: "contacts",
        contacts: [{ name: { formatted_name: "Anna" } }, { phones: [{ phone: "+7916" }] }],
      },
      "👤 Anna; +7916",
    ],
    [{ type: "contacts", contacts: {} }, "[contacts]"],
    [
      { type: "interactive", interactive: { type: "button_reply", button_reply: { id: "1", title: "Yes" } } },
      "Yes",
    ],
    [
      { type: "interactive", interactive: { type: "list_reply", list_reply: { id: "1", title: "Mail" } } },
      "Mail",
    ],
    [{ type: "interactive", interactive: { type: "nfm_reply", nfm_reply: { response_json: "{" } } }, "📝 {"],
    [
      { type: "interactive", interactive: { call_permission_reply: { response: "accept" } } },
      "[call permission: accept]",
    ],
    [{ type: "interactive", interactive: { type: "button", body: { text: "Choose" } } }, "Choose"],
    [{ type: "interactive" }, "[interactive]"],
    [{ type: "button", button: { payload: "NO", text: "No" } }, "No"],
    [{ type: "button", button: { payload: "NO" } }, "NO"],
    [
      { type: "template", template: { name: "order_ready", language: { code: "ru" } } },
      "[template: order_ready]",
    ],
    [{ type: "reaction", reaction: { message_id: "1", emoji: "👍" } }, "👍"],
    [{ type: "reaction", reaction: { message_id: "1" } }, "[reaction removed]"],
    [{ type: "order", order: { product_items: [{}, {}, {}] } }, "🛒 3 items"],
    [{ type: "order", order: { product_items: [{}], text: "Quickly" } }, "🛒 1 item: Quickly"],
    [{ type: "system", system: { body: "Anna changed her number" } }, "Anna changed her number"],
    [{ type: "edit", edit: { message: { type: "image", image: { caption: "New" } } } }, "New"],
    [{ type: "edit" }, "[edit]"],
    [nested, "[edit]"],
    [{ type: "revoke", revoke: { original_message_id: "1" } }, "[deleted]"],
    [{ type: "unsupported", errors: [{ code: 131051 }] }, "[unsupported]"],
    [{ type: "request_welcome" }, "[opened the chat]"],
    [{ type: "hologram", hologram: { id: "1" } }, "[hologram]"],
    [{ type: "h".repeat(100) }, `[${"h".repeat(64)}]`],
    [{}, "[unknown]"],
    [{ type: "text", text: { body: "a\u0000b\ud800" } }, "a\uFFFDb\uFFFD"],
  ])("of %j is %s", ([message, body], { expect }) => {
    expect(toBody(parseContent(message))).toBe(body);
  });

  it("is cut at 65,536 units, not through a pair", ({ expect }) => {
    expect(toBody(parseContent({ type: "text", text: { body: `a${"😀".repeat(40_000)}` } }))).toBe(
      `a${"😀".repeat(32_767)}`,
    );
  });

  it("is never empty, storable, and never throws, whatever the message", ({ expect }) => {
    const type = fc.constantFrom(
      "text",
      "location",
      "contacts",
      "interactive",
      "order",
      "edit",
      "__proto__",
      "toString",
    );
    const message = fc
      .tuple(type, fc.jsonValue())
      .map(([type, content]) => ({ type, ...Object.fromEntries([[type, content]]) }));
    fc.assert(
      fc.property(fc.oneof(message, fc.jsonValue()), (message) => {
        const body = toBody(parseContent(message));
        expect(body.trim()).not.toBe("");
        expect(body).not.toContain("\u0000");
        expect(body.isWellFormed()).toBe(true);
        expect(messageTypeOf(message)).not.toBe("");
      }),
    );
  });
});
