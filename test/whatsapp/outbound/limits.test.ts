import { describe, it } from "vitest";
import { sendContent } from "../../../src/whatsapp/outbound/send-content.ts";
import {
  button,
  call,
  cards,
  deep,
  flow,
  items,
  list,
  long,
  type Make,
  order,
  payload,
  products,
  quick,
  quickCard,
  rows,
  sections,
  templateButton,
  withAction,
} from "./makers.ts";
import { anInteractive, aTemplate, body, card, payment, reply, row } from "./samples.ts";

const most: [what: string, make: Make, limit: number][] = [
  ["text", (n) => ({ type: "text", message: long(n) }), 4096],
  ["caption of an image", (n) => ({ type: "image", image: { id: "1", caption: long(n) } }), 1024],
  ["caption of a video", (n) => ({ type: "video", video: { id: "1", caption: long(n) } }), 1024],
  ["caption of a document", (n) => ({ type: "document", document: { id: "1", caption: long(n) } }), 1024],
  ["emoji", (n) => ({ type: "reaction", reaction: { message_id: "w", emoji: long(n) } }), 64],
  [
    "contacts",
    (n) => ({ type: "contacts", contacts: list(n, () => ({ name: { formatted_name: "A" } })) }),
    257,
  ],
  ["latitude", (n) => ({ type: "location", location: { latitude: n, longitude: 0 } }), 90],
  ["longitude", (n) => ({ type: "location", location: { latitude: 0, longitude: String(n) } }), 180],
  ["body", (n) => anInteractive("button", { body: { text: long(n) } }), 1024],
  ["body of a list", (n) => anInteractive("list", { body: { text: long(n) } }), 4096],
  ["header", (n) => anInteractive("cta_url", { header: { type: "text", text: long(n) } }), 60],
  ["header of a list", (n) => anInteractive("list", { header: { type: "text", text: long(n) } }), 60],
  ["footer", (n) => anInteractive("flow", { footer: { text: long(n) } }), 60],
  ["buttons", (n) => button(...list(n, (index) => reply(`${index}`, `${index}`))), 3],
  ["title of a button", (n) => button(reply("1", long(n))), 20],
  ["id of a button", (n) => button(reply(long(n), "a")), 256],
  ["label of a list", (n) => withAction("list", { button: long(n), sections: [{ rows: [row("1")] }] }), 20],
  ["sections", (n) => sections(list(n, (index) => ({ title: "a", rows: [row(`${index}`)] }))), 10],
  ["rows", (n) => rows(...list(n, (index) => row(`${index}`))), 10],
  [
    "rows of all sections",
    (n) =>
      sections(
        [0, 1].map((half) => ({
          title: "a",
          rows: list(half ? n - 5 : 5, (index) => row(`${half}${index}`)),
        })),
      ),
    10,
  ],
  ["title of a section", (n) => sections([{ title: long(n), rows: [row("1")] }]), 24],
  ["title of a row", (n) => rows({ id: "1", title: long(n) }), 24],
  ["id of a row", (n) => rows({ id: long(n), title: "a" }), 200],
  ["description of a row", (n) => rows({ ...row("1"), description: long(n) }), 72],
  [
    "label of a link",
    (n) =>
      withAction("cta_url", { name: "cta_url", parameters: { display_text: long(n), url: "http://a.b" } }),
    20,
  ],
  ["label of a flow", (n) => flow({ flow_cta: long(n) }), 30],
  ["products", (n) => products([{ product_items: items(n) }]), 30],
  [
    "products of all sections",
    (n) => products([20, n - 20].map((one) => ({ title: "a", product_items: items(one) }))),
    30,
  ],
  ["sections of products", (n) => products(list(n, () => ({ title: "a", product_items: items(1) }))), 10],
  ["title of products", (n) => products([{ title: long(n), product_items: items(1) }]), 24],
  ["cards", (n) => cards(...list(n, (index) => card(index % 10))), 10],
  ["index of a card", (n) => cards(card(0), card(n)), 9],
  ["text of a card", (n) => cards(card(0), { ...card(1), body: { text: long(n) } }), 160],
  [
    "buttons of a card",
    (n) =>
      cards(
        ...[0, 1].map((one) =>
          quickCard(
            one,
            list(n, (index) => quick(`${index}`)),
          ),
        ),
      ),
    3,
  ],
  [
    "title of a card's button",
    (n) => cards(...[0, 1].map((one) => quickCard(one, [quick("1", long(n))]))),
    20,
  ],
  ["label of a call", (n) => call({ display_text: long(n) }), 20],
  ["minutes of a call", (n) => call({ ttl_minutes: n }), 43_200],
  ["payload of a call", (n) => call({ payload: long(n) }), 512],
  ["reference_id", (n) => order({ reference_id: long(n) }), 35],
  ["name of a template", (n) => aTemplate([], { name: long(n) }), 512],
  [
    "value in a header",
    (n) => aTemplate([{ type: "header", parameters: [{ type: "text", text: long(n) }] }]),
    60,
  ],
  [
    "values in a header",
    (n) => aTemplate([{ type: "header", parameters: list(n, () => ({ type: "text", text: "a" })) }]),
    1,
  ],
  [
    "value in a body",
    (n) => aTemplate([{ type: "body", parameters: [{ type: "text", text: long(n) }] }]),
    32_768,
  ],
  ["coupon", (n) => templateButton("copy_code", { type: "coupon_code", coupon_code: long(n) }), 15],
  ["ending of a url", (n) => templateButton("url", { type: "text", text: long(n) }), 2000],
  ["index of a button", (n) => templateButton("url", { type: "text", text: "a" }, String(n)), 9],
  ["buttons of a template", (n) => aTemplate(list(n, (index) => payload(index % 10))), 10],
  [
    "cards of a template",
    (n) =>
      aTemplate([
        {
          type: "carousel",
          cards: list(n, (index) => ({ card_index: index % 10, components: [{ type: "body" }] })),
        },
      ]),
    10,
  ],
  ["levels", (n) => ({ type: "image", image: { id: "1", more: deep(n - 1) } }), 32],
  ["values", (n) => ({ type: "image", image: { id: "1", more: list(n - 3, () => 0) } }), 10_000],
];

const least: [what: string, make: Make, limit: number][] = [
  ["text", (n) => ({ type: "text", message: long(n) }), 1],
  ["body", (n) => anInteractive("button", { body: { text: long(n) } }), 1],
  ["file name", (n) => ({ type: "document", document: { id: "1", filename: long(n) } }), 1],
  [
    "contacts",
    (n) => ({ type: "contacts", contacts: list(n, () => ({ name: { formatted_name: "A" } })) }),
    1,
  ],
  ["buttons", (n) => button(...list(n, (index) => reply(`${index}`, `${index}`))), 1],
  ["sections", (n) => sections(list(n, (index) => ({ rows: [row(`${index}`)] }))), 1],
  ["rows", (n) => rows(...list(n, (index) => row(`${index}`))), 1],
  ["products", (n) => products([{ product_items: items(n) }]), 1],
  ["cards", (n) => cards(...list(n, card)), 2],
  ["minutes of a call", (n) => call({ ttl_minutes: n }), 1],
  ["items of an order", (n) => order({ order: { items: list(n, () => payment.order.items[0]) } }), 1],
  ["latitude", (n) => ({ type: "location", location: { latitude: n, longitude: 0 } }), -90],
];

function problemsOf(content: unknown): string[] {
  return (sendContent.safeParse(content).error?.issues ?? []).map(({ message }) => message);
}

describe("a limit", () => {
  it.for(most)("of %s is what may be", ([, make, limit], { expect }) => {
    expect(problemsOf(make(limit))).toEqual([]);
    expect(problemsOf(make(limit + 1))).not.toEqual([]);
  });

  it.for(least)("of %s is what must be", ([, make, limit], { expect }) => {
    expect(problemsOf(make(limit))).toEqual([]);
    expect(problemsOf(make(limit - 1))).not.toEqual([]);
  });

  it("of a card's text allows none at all", ({ expect }) => {
    expect(problemsOf(cards(card(0), { ...card(1), body: undefined }))).toEqual([]);
    expect(problemsOf(anInteractive("product", { body }))).toEqual([]);
  });
});
