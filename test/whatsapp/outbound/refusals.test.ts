import { describe, it } from "vitest";
import { interactiveKinds } from "../../../src/whatsapp/outbound/interactive.ts";
import { sendContent } from "../../../src/whatsapp/outbound/send-content.ts";
import { button, cards, quick, quickCard } from "./makers.ts";
import { anInteractive, aTemplate, body, card, components, picture, reply } from "./samples.ts";

/** What is said about a content: the path, and the sentence. */
function faultsOf(content: unknown): string[] {
  return (sendContent.safeParse(content).error?.issues ?? []).map(
    ({ path, message }) => `${path.join("/")}: ${message}`,
  );
}

describe("what may be sent", () => {
  const value = (more: object) => ({ type: "text", text: "a", ...more });
  const TYPES =
    "text, image, video, audio, document, sticker, location, contacts, reaction, interactive, template";

  it.for<[string, unknown, string]>([
    ["of no type", {}, `type: type must be one of: ${TYPES}.`],
    ["of an unknown type", { type: "fax" }, `type: type must be one of: ${TYPES}.`],
    [
      "of a type like a property of every object",
      { type: "constructor" },
      `type: type must be one of: ${TYPES}.`,
    ],
    ["without its object", { type: "image" }, "image: An image is missing."],
    ["with a text as its object", { type: "image", image: "cat" }, "image: An image must be an object."],
    ["media with neither id nor link", { type: "audio", audio: {} }, "audio/id: Give an id or a link."],
    [
      "media with both id and link",
      { type: "audio", audio: { id: "1", link: "https://a.b" } },
      "audio/link: Give either id or link, not both.",
    ],
    [
      "media by http",
      { type: "sticker", sticker: { link: "http://a.b" } },
      "sticker/link: A link must be an address that begins with https://.",
    ],
    [
      "media by something else",
      { type: "sticker", sticker: { link: "javascript:1" } },
      "sticker/link: A link must be an address that begins with https://.",
    ],
    [
      "a place beyond the pole",
      { type: "location", location: { latitude: 90.1, longitude: "180" } },
      "location/latitude: The latitude must be a number from -90 to 90.",
    ],
    [
      "a contact without a name",
      { type: "contacts", contacts: [{ phones: [] }] },
      "contacts/0/name: The name of a contact is missing.",
    ],
    [
      "a reaction to nothing",
      { type: "reaction", reaction: { emoji: "👍" } },
      "reaction/message_id: The id of the message is missing.",
    ],
    [
      "an interactive message of an unknown kind",
      { type: "interactive", interactive: { type: "poll" } },
      `interactive/type: The type of an interactive message must be one of: ${interactiveKinds.join(", ")}.`,
    ],
    [
      "a button with a misspelled title",
      button({ type: "reply", reply: { id: "1", titel: "Yes" } }),
      "interactive/action/buttons/0/reply/title: A button title is missing.",
    ],
    [
      "two buttons alike",
      button(reply("1", "a"), reply("2", "a")),
      "interactive/action/buttons: The titles of buttons must differ.",
    ],
    [
      "two buttons of one id",
      button(reply("1", "a"), reply("1", "b")),
      "interactive/action/buttons: The ids of buttons must differ.",
    ],
    [
      "a list with a picture above",
      anInteractive("list", { header: picture }),
      "interactive/header/type: A header of this kind must be one of: text.",
    ],
    [
      "two sections of which one has no title",
      anInteractive("list", {
        action: {
          button: "a",
          sections: [{ title: "a", rows: [{ id: "1", title: "a" }] }, { rows: [{ id: "2", title: "a" }] }],
        },
      }),
      "interactive/action/sections: Of several sections each must have a title.",
    ],
    [
      "two rows of one id",
      anInteractive("list", {
        action: {
          button: "a",
          sections: [
            {
              rows: [
                { id: "1", title: "a" },
                { id: "1", title: "b" },
              ],
            },
          ],
        },
      }),
      "interactive/action/sections: The ids of rows must differ.",
    ],
    [
      "a flow with id and name",
      anInteractive("flow", {
        action: {
          name: "flow",
          parameters: { flow_message_version: "3", flow_cta: "a", flow_id: "1", flow_name: "a" },
        },
      }),
      "interactive/action/parameters/flow_id: Give either flow_id or flow_name.",
    ],
    [
      "a product with a header",
      anInteractive("product", { header: picture }),
      "interactive/header: A product has no header: its own picture stands there.",
    ],
    [
      "a list of products without a header",
      anInteractive("product_list", { header: undefined }),
      "interactive/header: A header of this kind is missing.",
    ],
    [
      "a carousel with a footer",
      anInteractive("carousel", { footer: body }),
      "interactive/footer: A carousel has no footer.",
    ],
    [
      "cards of one index",
      cards(card(0), card(0)),
      "interactive/action/cards: The indexes of cards must differ.",
    ],
    [
      "cards of which one has a video",
      cards(card(0), { ...card(1), header: { type: "video", video: { id: "1" } } }),
      "interactive/action/cards: The headers of all cards must be of one kind: images or videos.",
    ],
    [
      "cards with unlike numbers of buttons",
      cards(quickCard(0, [quick("1")]), quickCard(1, [quick("1"), quick("2")])),
      "interactive/action/cards: All cards must have the same buttons, and as many.",
    ],
    [
      "a card without a header",
      cards(card(0), { ...card(1), header: undefined }),
      "interactive/action/cards/1/header: A card has an image or a video as its header.",
    ],
    [
      "another action than the kind's",
      anInteractive("location_request_message", { action: { name: "call" } }),
      "interactive/action/name: The name of this action must be one of: send_location.",
    ],
    [
      "a template without a language",
      aTemplate([], { language: undefined }),
      "template/language: The language of a template is missing.",
    ],
    [
      "a component that is none",
      aTemplate([{ type: "bodi" }]),
      "template/components/0/type: A component must be one of: header, body, button, carousel, limited_time_offer, order_status.",
    ],
    [
      "a button of an unknown kind",
      aTemplate([{ type: "button", sub_type: "fax", index: 0 }]),
      "template/components/0/sub_type: The sub_type of a button must be one of: quick_reply, url, copy_code, flow, catalog, mpm, voice_call, order_details.",
    ],
    [
      "some parameters by name and some by position",
      aTemplate([{ type: "body", parameters: [value({ parameter_name: "a" }), value({})] }]),
      "template/components/0/parameters: Either all parameters of a body have a parameter_name, or none has.",
    ],
    [
      "two bodies",
      aTemplate([components["body date"], { type: "BODY" }]),
      "template/components: Of header, body, carousel, offer and order there is one at most.",
    ],
    [
      "two buttons of one index",
      aTemplate([components.url, { ...components.flow, index: 0 }]),
      "template/components: The indexes of buttons must differ.",
    ],
    [
      "a preview that is no yes or no",
      { type: "text", message: "a", previewUrl: 1 },
      "previewUrl: previewUrl must be true or false.",
    ],
  ])("is not %s", ([, content, fault], { expect }) => {
    expect(faultsOf(content)).toEqual([fault]);
  });
});
