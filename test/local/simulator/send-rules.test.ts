import { afterAll, beforeAll, describe, it } from "vitest";
import { type Fixture, NUMBER, startFixture } from "./fixture.ts";

const CUSTOMER = "79160000001";
const text = { messaging_product: "whatsapp", to: CUSTOMER, type: "text", text: { body: "hi" } };
const template = { messaging_product: "whatsapp", to: CUSTOMER, type: "template" };
const hello = { ...template, template: { name: "hello_world", language: { code: "en_US" } } };
const button = (id: string, title: string) => ({ type: "reply", reply: { id, title } });
const buttons = (...list: unknown[]) => ({
  ...text,
  type: "interactive",
  interactive: { type: "button", body: { text: "?" }, action: { buttons: list } },
});

describe("the simulated Graph API", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
    await fixture.write(CUSTOMER, "hello");
  });
  afterAll(() => fixture.close());

  const refused: [what: string, body: Record<string, unknown>, status: number, code: number][] = [
    ["no messaging_product", { ...text, messaging_product: undefined }, 400, 100],
    ["neither to nor recipient", { ...text, to: undefined }, 400, 100],
    ["a recipient that is no number", { ...text, to: "anna" }, 400, 100],
    ["a BSUID in to", { ...text, to: "US.1234" }, 400, 100],
    ["a phone in recipient", { ...text, to: undefined, recipient: CUSTOMER }, 400, 100],
    ["the number itself", { ...text, to: "79001234567" }, 400, 131021],
    ["an unknown type", { ...text, type: "smoke" }, 400, 100],
    ["a type like a property of every object", { ...text, type: "constructor" }, 400, 100],
    ["a type without its object", { ...text, type: "image" }, 400, 100],
    ["an empty text", { ...text, text: { body: "" } }, 400, 100],
    ["a text that is no string", { ...text, text: { body: 5 } }, 400, 100],
    ["a text of 4097 characters", { ...text, text: { body: "x".repeat(4097) } }, 400, 100],
    ["our tag of 513 characters", { ...text, biz_opaque_callback_data: "x".repeat(513) }, 400, 100],
    ["a free text to one who never wrote", { ...text, to: "79160000009" }, 400, 131047],
    ["a free text to a BSUID that never wrote", { ...text, to: undefined, recipient: "US.9" }, 400, 131047],
    [
      "an unknown template",
      { ...template, template: { name: "nope", language: { code: "en_US" } } },
      404,
      132001,
    ],
    [
      "a template in an unknown language",
      { ...template, template: { name: "hello_world", language: { code: "ru" } } },
      404,
      132001,
    ],
    [
      "an image with id and link",
      { ...text, type: "image", image: { id: "1", link: "https://a.b/c" } },
      400,
      100,
    ],
    ["an image that was never uploaded", { ...text, type: "image", image: { id: "1" } }, 400, 100],
    [
      "a caption of 1025 characters",
      { ...text, type: "image", image: { link: "https://a.b/c", caption: "x".repeat(1025) } },
      400,
      100,
    ],
    [
      "a reaction to nothing",
      { ...text, type: "reaction", reaction: { message_id: "wamid.x", emoji: "👍" } },
      400,
      131009,
    ],
    [
      "a location beyond the pole",
      { ...text, type: "location", location: { latitude: 91, longitude: 0 } },
      400,
      100,
    ],
    [
      "four buttons",
      buttons(button("1", "a"), button("2", "b"), button("3", "c"), button("4", "d")),
      400,
      100,
    ],
    ["two buttons alike", buttons(button("1", "a"), button("2", "a")), 400, 100],
    [
      "a mark of an unknown message",
      { messaging_product: "whatsapp", status: "read", message_id: "wamid.x" },
      400,
      131009,
    ],
  ];
  for (const [what, body, status, code] of refused) {
    it(`refuses ${what}`, async ({ expect }) => {
      const answer = await fixture.graph("POST", `/${NUMBER}/messages`, body);
      expect(answer.body.error).toMatchObject({
        code,
        type: "OAuthException",
        fbtrace_id: expect.stringMatching(/^A/),
      });
      expect(answer.status).toBe(status);
    });
  }

  const accepted: [what: string, body: Record<string, unknown>][] = [
    ["a text of 4096 characters that are not ASCII", { ...text, text: { body: "👋".repeat(4096) } }],
    ["a phone as people spell it", { ...text, to: "+7 (916) 000-00-01" }],
    ["to and recipient, of which to wins", { ...text, recipient: "US.1234" }],
    ["a template to one who never wrote", { ...hello, to: "79160000008" }],
    [
      "a caption of 1024 characters",
      { ...text, type: "image", image: { link: "https://a.b/c", caption: "x".repeat(1024) } },
    ],
    [
      "a request to call, without a word",
      {
        ...text,
        type: "interactive",
        interactive: { type: "call_permission_request", action: { name: "call_permission_request" } },
      },
    ],
    ["three buttons", buttons(button("1", "a"), button("2", "b"), button("3", "c"))],
  ];
  for (const [what, body] of accepted) {
    it(`accepts ${what}`, async ({ expect }) => {
      const answer = await fixture.graph("POST", `/${NUMBER}/messages`, body);
      expect(answer.body).toEqual({
        messaging_product: "whatsapp",
        contacts: [{ input: body.to, wa_id: String(body.to).replace(/\D/g, "") }],
        messages: [{ id: expect.stringMatching(/^wamid\.[A-Za-z0-9+/=]+$/) }],
      });
    });
  }

  it("refuses an unknown phone number id", async ({ expect }) => {
    const { status, body } = await fixture.graph("POST", "/111/messages", text);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  it("refuses an invalid version", async ({ expect }) => {
    const { status, body } = await fixture.request("POST", `/25.0/${NUMBER}/messages`, text, {
      authorization: "Bearer EAAx",
    });
    expect(status).toBe(400);
    expect(body.error.code).toBe(2500);
  });

  for (const [authorization, code] of [
    ["Bearer abc", 190],
    ["EAAx", 104],
    ["", 104],
  ] as const) {
    it(`refuses the token in "${authorization}"`, async ({ expect }) => {
      const { status, body } = await fixture.graph("POST", `/${NUMBER}/messages`, text, { authorization });
      expect(status).toBe(401);
      expect(body.error).toMatchObject({ code, type: "OAuthException", fbtrace_id: expect.any(String) });
    });
  }
});
