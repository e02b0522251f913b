import { describe, it } from "vitest";
import { templateForm } from "../../../src/whatsapp/templates/form.ts";
import { parseTemplate } from "../../../src/whatsapp/templates/parse-template.ts";
import { aTemplate, body, buttons, carousel, named, oneTimeCode, rich } from "./definitions.ts";

describe("a template's definition", () => {
  it("is read with its texts, variables, examples and buttons", ({ expect }) => {
    expect(rich).toMatchObject({
      id: "1",
      name: "order_ready",
      language: "en_US",
      status: "APPROVED",
      named: false,
      header: { kind: "document", example: "4::abc" },
      body: {
        variables: [
          { name: "1", example: "Anna" },
          { name: "2", example: "A-17" },
        ],
      },
      footer: "The shop",
      offer: { text: "Today only", expires: true },
    });
    expect(rich.buttons.map(({ kind }) => kind)).toEqual([
      "url",
      "copy_code",
      "flow",
      "catalog",
      "mpm",
      "order_details",
      "quick_reply",
      "phone_number",
    ]);
  });

  it("has named variables where it says so, or where one is a word", ({ expect }) => {
    expect(named.header).toMatchObject({ variables: [{ name: "first_name", example: "Anna" }] });
    expect(aTemplate([body("Hi {{first_name}}")]).named).toBe(true);
    const positional = aTemplate([body("Hi {{first_name}} {{1}}")], { parameter_format: "POSITIONAL" });
    expect(positional.body?.variables.map(({ name }) => name)).toEqual(["1"]);
  });

  it("takes its parameters by number, wherever the numbers stand", ({ expect }) => {
    const { variables } = aTemplate([body("{{10}} {{2}} {{1}} {{ 2 }}")]).body ?? { variables: [] };
    expect(variables.map(({ name }) => name)).toEqual(["1", "2", "10"]);
  });

  it.for(["ONE_TAP", "ZERO_TAP", "COPY_CODE"])("has a one-time code of the kind %s", (type, { expect }) => {
    const asMade = buttons({ type: "OTP", otp_type: type, text: "x" });
    const url = `https://www.whatsapp.com/otp/code/?otp_type=${type}&code=otp{{1}}`;
    const asRead = buttons({ type: "URL", url, text: "x" });
    for (const one of [asMade, asRead]) {
      const template = aTemplate([{ type: "BODY", add_security_recommendation: true }, one], {
        category: "AUTHENTICATION",
      });
      expect(template.buttons).toEqual([{ kind: "otp", text: "x", otpType: type.toLowerCase() }]);
      expect(templateForm(template).map(({ key }) => key)).toEqual(["code"]);
    }
  });

  it.for<[string, unknown]>([
    ["nothing", undefined],
    ["a list", []],
    ["components of odd kinds", { components: [null, 5, { type: {} }, { type: "BODY", text: {} }] }],
    ["a million variables", { components: [body("{{1}}".repeat(1_000_000))] }],
    [
      "as many different ones",
      { components: [body(Array.from({ length: 9_999 }, (_, i) => `{{${i}}}`).join())] },
    ],
    ["braces without end", { components: [body("{{".repeat(500_000) + " ".repeat(500_000))] }],
    [
      "a million buttons",
      { components: [buttons(...Array(100_000).fill({ type: "QUICK_REPLY", text: "x" }))] },
    ],
    [
      "keys of prototypes",
      { components: [{ type: "__proto__" }, { type: "HEADER", format: "constructor" }] },
    ],
    ["U+0000 and half a pair", { name: "a\u0000\ud800", components: [body("\u0000\ud800")] }],
  ])("that is %s is read within bounds", ([, raw], { expect }) => {
    const template = parseTemplate(raw);
    expect(JSON.stringify(template).length).toBeLessThan(20_000);
    expect(JSON.stringify(template)).not.toMatch(/\\u0000|\\ud800/);
    expect(templateForm(template).length).toBeLessThanOrEqual(50);
  });

  it("keeps what it does not know by its name", ({ expect }) => {
    const template = aTemplate([
      { type: "HEADER", format: "HOLOGRAM" },
      { type: "ORACLE" },
      buttons({ type: "TELEPORT", text: "Go" }),
    ]);
    expect(template.header).toEqual({ kind: "other", format: "hologram" });
    expect(template.buttons).toEqual([{ kind: "other", type: "teleport", text: "Go" }]);
  });
});

describe("a template's form", () => {
  it("asks for everything that the customer will see, in its order", ({ expect }) => {
    expect(templateForm(rich).map(({ key, kind, required }) => [key, kind, required])).toEqual([
      ["header.document", "document", true],
      ["body.1", "text", true],
      ["body.2", "text", true],
      ["offer.expiresAt", "datetime", true],
      ["buttons.0.url", "suffix", true],
      ["buttons.1.code", "coupon", true],
      ["buttons.2.data", "data", false],
      ["buttons.3.thumbnail", "thumbnail", false],
      ["buttons.4.products", "products", true],
      ["buttons.5.order", "order", true],
    ]);
    expect(templateForm(carousel).map(({ key }) => key)).toEqual([
      "body.1",
      "cards.0.header.image",
      "cards.0.body.1",
      "cards.0.buttons.0.url",
      "cards.1.header.image",
      "cards.1.body.1",
      "cards.1.buttons.0.url",
    ]);
  });

  it("says how much room there is, and what goes where", ({ expect }) => {
    const [, first, second] = templateForm(rich);
    // "Hello , order x is ready, ." leaves 997 for two times {{1}}.
    expect(first).toMatchObject({ maxLength: 498, example: "Anna", label: "Body's variable {{1}}" });
    expect(second?.maxLength).toBe(1024 - "Hello x, order  is ready, x.".length);
    expect(templateForm(rich).find(({ kind }) => kind === "suffix")?.example).toBe("7");
    expect(templateForm(oneTimeCode)).toMatchObject([{ key: "code", kind: "code", maxLength: 15 }]);
    expect(templateForm(carousel).at(-1)).toMatchObject({
      label: 'End of the address of the button "Buy" of card 2',
      where: { part: "button", card: 1, button: 0 },
    });
  });
});
