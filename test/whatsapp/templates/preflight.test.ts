import { describe, it } from "vitest";
import { fillTemplate } from "../../../src/whatsapp/templates/fill.ts";
import { preflight } from "../../../src/whatsapp/templates/preflight.ts";
import type { Template } from "../../../src/whatsapp/templates/template.ts";
import { aTemplate, body, named, oneTimeCode, rich } from "./definitions.ts";
import { button, coupon, head, image, inBody, inHeader, one, place, text, track } from "./sent.ts";

describe("a template message", () => {
  it.for<[string, Template, unknown[]]>([
    ["its variables", one, inBody(text("Anna"))],
    [
      "a sum of money for a text",
      one,
      inBody({ type: "currency", currency: { fallback_value: "5 €", code: "EUR", amount_1000: 5000 } }),
    ],
    ["1,024 characters in all", one, inBody(text("x".repeat(1024 - "Hi , all is well".length)))],
    ["four spaces in a row", one, inBody(text("a    b"))],
    [
      "names in any order",
      named,
      [
        {
          type: "body",
          parameters: [
            text("Anna", { parameter_name: "first_name" }),
            text("7", { parameter_name: "order" }),
          ],
        },
        { type: "header", parameters: [text("Anna", { parameter_name: "first_name" })] },
      ],
    ],
    ["an image by id", image, inHeader({ type: "image", image: { id: "123" } })],
    ["an image by address", image, inHeader({ type: "image", image: { link: "https://a.example/x.png" } })],
    [
      "a place",
      place,
      inHeader({ type: "location", location: { latitude: "55.75", longitude: 37.6, name: "Shop" } }),
    ],
    [
      "an index that is a number, and an answer",
      track,
      [...button(0, "URL", text("7")), ...button("1", "quick_reply", { type: "payload", payload: "no" })],
    ],
    [
      "a coupon of 15 characters",
      coupon,
      button("0", "copy_code", { type: "coupon_code", coupon_code: "x".repeat(15) }),
    ],
    [
      "empty components for what takes nothing",
      aTemplate([body("Hi")]),
      [{ type: "header", parameters: [] }],
    ],
    ["whatever an unknown header takes", aTemplate([{ type: "HEADER", format: "HOLOGRAM" }]), []],
  ])("may have %s", ([, template, components], { expect }) => {
    expect(preflight(template, { ...head, components })).toEqual([]);
  });

  it.for([
    ["PENDING", /reviewing/],
    ["REJECTED", /rejected/],
    ["PAUSED", /paused/],
    ["DISABLED", /disabled/],
    ["DELETED", /deleted/],
    ["TOMORROW", /not approved/],
    ["constructor", /not approved/],
    ["", /not approved/],
  ] as const)("of a template that is %s is refused", ([status, pattern], { expect }) => {
    const [error] = preflight(aTemplate([body("Hi")], { status }), head);
    expect(error).toMatchObject({ pointer: "/name", code: "not_approved" });
    expect(error?.detail).toMatch(pattern);
  });

  it.for<[object, string, string]>([
    [{ name: "other" }, "/name", "wrong_template"],
    [{ name: undefined }, "/name", "missing"],
    [{ language: undefined }, "/language/code", "missing"],
    [{ language: "en_US" }, "/language/code", "missing"],
    [{ language: { code: "ru" } }, "/language/code", "wrong_template"],
    [{ language: { code: "en_US", policy: "fallback" } }, "/language/policy", "invalid"],
  ])("with %j is refused", ([more, pointer, code], { expect }) => {
    expect(preflight(aTemplate([body("Hi")]), { ...head, ...more })).toMatchObject([{ pointer, code }]);
  });

  it("with a one-time code goes to a phone only, and has one code", ({ expect }) => {
    const send = fillTemplate(oneTimeCode, { code: "123456" });
    expect(send.components).toEqual([
      { type: "body", parameters: [text("123456")] },
      { type: "button", sub_type: "url", index: "0", parameters: [text("123456")] },
    ]);
    expect(preflight(oneTimeCode, send, { phone: "79161234567", userId: "RU.1" })).toEqual([]);
    expect(preflight(oneTimeCode, send, { phone: null, userId: "RU.1" })).toMatchObject([
      { code: "phone_needed" },
    ]);
    const other = [...inBody(text("1")), ...button("0", "url", text("2"))];
    expect(preflight(oneTimeCode, { ...head, components: other })).toMatchObject([
      { pointer: "/components/1/parameters/0/text", code: "invalid" },
    ]);
  });

  it("that was not filled in names everything that it lacks", ({ expect }) => {
    const errors = preflight(rich, fillTemplate(rich, {}));
    expect(errors.map(({ detail }) => detail)).toEqual([
      "The header's document has no value.",
      "The body's variable {{1}} has no value.",
      "The body's variable {{2}} has no value.",
      "The end of the offer has no value.",
      'The end of the address of the button "Track" has no value.',
      'The coupon code of the button "Copy" has no value.',
      'The products of the button "Choose" has no value.',
      'The order of the button "Pay" has no value.',
    ]);
  });

  it.for([null, undefined, 5, "x", []])("that is %j is refused", (send, { expect }) => {
    expect(preflight(one, send)).toMatchObject([{ pointer: "", code: "invalid" }]);
  });
});
