import fc from "fast-check";
import { type FormField, templateForm } from "../../../src/whatsapp/templates/form.ts";
import type { TemplateValue, TemplateValues } from "../../../src/whatsapp/templates/template.ts";
import { aTemplate } from "./definitions.ts";

/** A template of every shape that Meta takes, and values that its form allows. */
export function filledTemplate() {
  return definition().chain((raw) => {
    const template = aTemplate(raw);
    const fields = templateForm(template).map((field): [string, fc.Arbitrary<TemplateValue>] => [
      field.key,
      valueFor(field),
    ]);
    return fc
      .record(Object.fromEntries(fields))
      .map((values) => ({ template, values: values as TemplateValues }));
  });
}

function definition() {
  const body = fc.integer({ min: 0, max: 4 }).map((count) => {
    const holes = Array.from({ length: count }, (_, i) => `{{${i + 1}}}`).join(" and ");
    return { type: "BODY", text: `Dear customer, ${holes}, best wishes` };
  });
  const header = fc.constantFrom(
    ...["IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "PRODUCT"].map((format) => ({ type: "HEADER", format })),
    { type: "HEADER", format: "TEXT", text: "For {{1}}" },
    { type: "HEADER", format: "TEXT", text: "Hello" },
  );
  const button = fc.constantFrom(
    { type: "URL", text: "Track", url: "https://a.example/{{1}}" },
    { type: "URL", text: "Home", url: "https://a.example/" },
    ...["QUICK_REPLY", "COPY_CODE", "FLOW", "CATALOG", "MPM", "SPM", "VOICE_CALL", "ORDER_DETAILS"].map(
      (type) => ({
        type,
        text: type,
      }),
    ),
    ...["PHONE_NUMBER", "REQUEST_CONTACT_INFO", "CALL_PERMISSION_REQUEST"].map((type) => ({
      type,
      text: type,
    })),
  );
  const buttons = fc.array(button, { maxLength: 10 }).map((list) => ({ type: "BUTTONS", buttons: list }));
  const offer = fc.boolean().map((has_expiration) => ({
    type: "LIMITED_TIME_OFFER",
    limited_time_offer: { text: "Now", has_expiration },
  }));
  const card = fc.tuple(header, body, buttons).map((components) => ({ components }));
  const cards = fc
    .array(card, { minLength: 2, maxLength: 4 })
    .map((list) => ({ type: "CAROUSEL", cards: list }));
  const parts: fc.Arbitrary<object | null>[] = [header, body, buttons, offer, cards].map((part) =>
    fc.option<object>(part, { freq: 3 }),
  );
  return fc.tuple(...parts).map((list) => list.filter((part) => part !== null));
}

function valueFor({ kind, maxLength }: FormField): fc.Arbitrary<TemplateValue> {
  const text = (longest: number) =>
    fc.string({
      unit: fc.constantFrom("a", "é", "7", "$&", "'"),
      minLength: 1,
      maxLength: Math.max(1, longest >> 1),
    });
  const media = fc.oneof(fc.record({ id: text(20) }), fc.constant({ link: "https://a.example/x" }));
  switch (kind) {
    case "text":
      return fc.oneof(text(Math.min(20, maxLength ?? 20)), text(maxLength ?? 60));
    case "suffix":
    case "code":
    case "coupon":
    case "thumbnail":
      return text(maxLength ?? 20);
    case "image":
    case "video":
    case "document":
      return media;
    case "location":
      return fc.record({
        latitude: fc.double({ min: -90, max: 90, noNaN: true }).map((n) => n + 0 || 0),
        longitude: fc.double({ min: -180, max: 180, noNaN: true }).map((n) => n + 0 || 0),
      });
    case "product":
      return fc.record({ productId: text(20), catalogId: text(20) });
    case "products":
      return fc.record({
        thumbnailId: text(20),
        sections: fc.array(
          fc.record({ title: text(24), productIds: fc.array(text(20), { minLength: 1, maxLength: 3 }) }),
          { minLength: 1, maxLength: 10 },
        ),
      });
    case "order":
    case "data":
      return fc.dictionary(text(10), text(10));
    case "datetime":
      return fc.integer({ min: 1, max: 4_000_000_000 }).map((s) => new Date(s * 1000).toISOString());
    case "payload":
      throw new Error("a form does not ask for this");
  }
}

/** JSON that is nearly a definition or a send: the right names with right, odd and wrong things under them. */
export function nearly(): fc.Arbitrary<fc.JsonValue> {
  const { node } = fc.letrec<{ node: fc.JsonValue }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(
        "header",
        "BODY",
        "BUTTONS",
        "button",
        "carousel",
        "url",
        "OTP",
        "text",
        "{{1}} {{a}}",
        "0",
      ),
      fc.constantFrom(0, -1, 1e300, null, "", "__proto__", "IMAGE", "limited_time_offer", "\u0000\ud800"),
      fc.array(tie("node"), { maxLength: 4 }),
      fc.record(
        Object.fromEntries(
          [
            "type",
            "format",
            "text",
            "components",
            "buttons",
            "cards",
            "parameters",
            "index",
            "sub_type",
            "name",
            "action",
            "card_index",
            "example",
            "url",
            "image",
            "language",
            "limited_time_offer",
          ].map((key) => [key, tie("node")]),
        ),
        { requiredKeys: [] },
      ) as fc.Arbitrary<fc.JsonValue>,
    ),
  }));
  return node;
}
