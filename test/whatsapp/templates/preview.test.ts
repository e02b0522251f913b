import { describe, it } from "vitest";
import { fillTemplate } from "../../../src/whatsapp/templates/fill.ts";
import { templateBody, templatePreview } from "../../../src/whatsapp/templates/preview.ts";
import { aTemplate, body, carousel, named, oneTimeCode, rich } from "./definitions.ts";

const values = {
  "header.document": { link: "https://shop.example/bill.pdf", filename: "bill.pdf" },
  "body.1": "Anna",
  "body.2": "$& {{1}}",
  "offer.expiresAt": "2026-12-01T00:00:00.000Z",
  "buttons.0.url": "77",
  "buttons.1.code": "SALE10",
};

describe("a template's preview", () => {
  it("is what the customer will see", ({ expect }) => {
    expect(templatePreview(rich, values)).toEqual({
      header: { kind: "document", value: values["header.document"] },
      body: "Hello Anna, order $& {{1}} is ready, Anna.",
      footer: "The shop",
      offer: { text: "Today only", expiresAt: "2026-12-01T00:00:00.000Z" },
      buttons: [
        { kind: "url", text: "Track", target: "https://shop.example/t/77" },
        { kind: "copy_code", text: "Copy", target: "SALE10" },
        ...["flow:Book", "catalog:See all", "mpm:Choose", "order_details:Pay", "quick_reply:Thanks"].map(
          (one) => {
            const [kind, text] = one.split(":");
            return { kind, text, target: null };
          },
        ),
        { kind: "phone_number", text: "Call", target: "+15550100" },
      ],
      cards: [],
    });
  });

  it("leaves the variables visible that have no value yet", ({ expect }) => {
    expect(templatePreview(rich, { "body.1": "" })).toMatchObject({
      header: { kind: "document", value: null },
      body: "Hello {{1}}, order {{2}} is ready, {{1}}.",
      offer: { expiresAt: null },
      buttons: [{ target: "https://shop.example/t/{{1}}" }, { target: null }, {}, {}, {}, {}, {}, {}],
    });
    expect(templatePreview(named, { "body.order": "7" })).toMatchObject({
      header: { text: "For {{first_name}}" },
      body: "Order 7 for {{first_name}}",
    });
  });

  it("shows the cards, and one code wherever it stands", ({ expect }) => {
    const filled = {
      "cards.1.body.1": "5 €",
      "cards.1.buttons.0.url": "blue",
      "cards.1.header.image": { id: "9" },
    };
    expect(templatePreview(carousel, filled).cards).toEqual([
      {
        header: { kind: "image", value: null },
        body: "Red at {{1}}",
        buttons: [{ kind: "url", text: "Buy", target: "https://shop.example/{{1}}" }],
      },
      {
        header: { kind: "image", value: { id: "9" } },
        body: "Blue at 5 €",
        buttons: [{ kind: "url", text: "Buy", target: "https://shop.example/blue" }],
      },
    ]);
    expect(templatePreview(oneTimeCode, { code: "123456" })).toMatchObject({
      body: "*123456* is your code.",
      buttons: [{ target: "123456" }],
    });
  });
});

describe("the chat's words for a template that was sent", () => {
  it("are its header, text, footer and buttons", ({ expect }) => {
    expect(templateBody(rich, fillTemplate(rich, values))).toBe(
      [
        "📄 bill.pdf",
        "Today only",
        "Hello Anna, order $& {{1}} is ready, Anna.",
        "The shop",
        "[Track] [Copy] [Book] [See all] [Choose] [Pay] [Thanks] [Call]",
      ].join("\n\n"),
    );
    const send = fillTemplate(named, {
      "header.first_name": "Anna",
      "body.first_name": "Anna",
      "body.order": "7",
    });
    expect(templateBody(named, send)).toBe("For Anna\n\nOrder 7 for Anna");
  });

  it("show what others sent too: money, and what was left out", ({ expect }) => {
    const template = aTemplate([body("You owe {{1}} since {{2}}")]);
    const money = { type: "currency", currency: { fallback_value: "5 €" } };
    const components = [{ type: "BODY", parameters: [money] }];
    expect(templateBody(template, { name: "order_ready", components })).toBe("You owe 5 € since {{2}}");
  });

  it("are the cards', one after the other", ({ expect }) => {
    const body = templateBody(
      carousel,
      fillTemplate(carousel, { "body.1": "Anna", "cards.0.body.1": "5 €" }),
    );
    expect(body).toBe("Look, Anna\n\n[image]\nRed at 5 €\n[Buy]\n\n[image]\nBlue at {{1}}\n[Buy]");
  });

  it.for<[unknown, string]>([
    [{ name: "order_ready" }, "[template: order_ready]"],
    [{ name: "a\u0000" }, "[template: a\uFFFD]"],
    [{ name: " " }, "[template]"],
    [null, "[template]"],
  ])("are the name of %j without a definition", ([send, body], { expect }) => {
    expect(templateBody(null, send)).toBe(body);
    expect(templateBody(aTemplate([]), send)).toBe(body);
  });
});
