import { describe, it } from "vitest";
import { templateCreation, templateEdit } from "../../../src/whatsapp/outbound/template-definition.ts";

type Fields = Record<string, unknown>;
const long = (length: number) => "x".repeat(length);
const body = { type: "BODY", text: "Hello" };
const buttons = (...list: unknown[]) => ({ type: "BUTTONS", buttons: list });
const quick = (text: string) => ({ type: "QUICK_REPLY", text });
const carousel = (count: number, text = "a") => ({
  type: "CAROUSEL",
  cards: Array.from({ length: count }, () => ({ components: [{ type: "body", text }] })),
});
const offer = (text: string) => ({ type: "LIMITED_TIME_OFFER", limited_time_offer: { text } });
const expiry = (code_expiration_minutes: number) => ({ type: "FOOTER", code_expiration_minutes });

const made = (components: unknown[], change: Fields = {}) => ({
  name: "order_paid",
  language: "ru",
  category: "UTILITY",
  components,
  ...change,
});
const more = (component: unknown) => made([body, component]);
const ttl = (category: string, message_send_ttl_seconds: number) =>
  made([body], { category, message_send_ttl_seconds });

function faultsOf(
  definition: unknown,
  schema: typeof templateCreation | typeof templateEdit = templateCreation,
) {
  return (schema.safeParse(definition).error?.issues ?? []).map(
    ({ path, message }) => `${path.join("/")}: ${message}`,
  );
}

describe("a template to be made", () => {
  it.for<[string, (n: number) => unknown, number]>([
    ["name", (n) => made([body], { name: long(n) }), 512],
    ["body", (n) => made([{ type: "body", text: long(n) }]), 1024],
    ["header", (n) => more({ type: "HEADER", format: "TEXT", text: long(n) }), 60],
    ["footer", (n) => more({ type: "FOOTER", text: long(n) }), 60],
    ["minutes of a code", (n) => more(expiry(n)), 90],
    ["buttons", (n) => more(buttons(...Array.from({ length: n }, () => quick("a")))), 10],
    ["title of a button", (n) => more(buttons(quick(long(n)))), 25],
    ["url", (n) => more(buttons({ type: "URL", text: "a", url: `https://a.b/${long(n - 12)}` })), 2000],
    ["phone", (n) => more(buttons({ type: "PHONE_NUMBER", text: "a", phone_number: long(n) })), 20],
    ["coupon", (n) => more(buttons({ type: "COPY_CODE", example: long(n) })), 15],
    ["coupon in a list", (n) => more(buttons({ type: "COPY_CODE", example: [long(n)] })), 15],
    ["cards", (n) => more(carousel(n)), 10],
    ["text of a card", (n) => more(carousel(2, long(n))), 160],
    ["title of an offer", (n) => more(offer(long(n))), 16],
    ["seconds of a code", (n) => ttl("AUTHENTICATION", n), 900],
    ["seconds of news", (n) => ttl("UTILITY", n), 43_200],
    ["seconds of marketing", (n) => ttl("MARKETING", n), 2_592_000],
  ])("has a limit of %s", ([, make, limit], { expect }) => {
    expect(faultsOf(make(limit))).toEqual([]);
    expect(faultsOf(make(limit + 1))).not.toEqual([]);
  });

  it.for<[string, (n: number) => unknown, number]>([
    ["cards", (n) => more(carousel(n)), 2],
    ["minutes of a code", (n) => more(expiry(n)), 1],
    ["seconds of a code", (n) => ttl("AUTHENTICATION", n), 30],
    ["seconds of marketing", (n) => ttl("MARKETING", n), 43_200],
  ])("has a least number of %s", ([, make, limit], { expect }) => {
    expect(faultsOf(make(limit))).toEqual([]);
    expect(faultsOf(make(limit - 1))).not.toEqual([]);
  });

  it.for(["QUICK_REPLY", "CATALOG", "MPM", "SPM", "VOICE_CALL", "ORDER_DETAILS", "REQUEST_CONTACT_INFO"])(
    "may have a button %s, in small letters too",
    (type, { expect }) => {
      for (const spelled of [type, type.toLowerCase()])
        expect(faultsOf(more(buttons({ type: spelled, text: "a" })))).toEqual([]);
    },
  );

  it.for<[string, unknown, string]>([
    [
      "a name with capitals",
      made([body], { name: "Order" }),
      "name: The name of a template has small English letters, digits and underscores.",
    ],
    [
      "an unknown category",
      made([body], { category: "SPAM" }),
      "category: The category must be one of: AUTHENTICATION, MARKETING, UTILITY.",
    ],
    ["no body", made([{ type: "FOOTER", text: "a" }]), "components: A template has a body."],
    ["two bodies", made([body, body]), "components: Of each component there is one at most."],
    [
      "variables without an example",
      made([{ type: "BODY", text: "Hi {{1}}" }]),
      "components/0/example: A text with variables needs an example of their values.",
    ],
    [
      "a picture without an example",
      more({ type: "HEADER", format: "IMAGE" }),
      "components/1/example: A header with media needs an example: the handle of an upload.",
    ],
    [
      "a header of text without a text",
      more({ type: "HEADER", format: "TEXT" }),
      "components/1/text: A header of the format TEXT has a text, and no other has one.",
    ],
    [
      "a url with a variable without an example",
      more(buttons({ type: "URL", text: "a", url: "https://a.b/{{1}}" })),
      "components/1/buttons/0/example: A url with a variable needs an example.",
    ],
    [
      "a flow that is not named",
      more(buttons({ type: "FLOW", text: "a" })),
      "components/1/buttons/0/flow_id: Give one of flow_id, flow_name and flow_json.",
    ],
    [
      "an unknown code button",
      more(buttons({ type: "OTP", otp_type: "SMS" })),
      "components/1/buttons/0/otp_type: otp_type must be one of: COPY_CODE, ONE_TAP, ZERO_TAP.",
    ],
    [
      "an unknown button",
      more(buttons({ type: "FAX" })),
      "components/1/buttons/0/type: The type of a button must be one of: QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, OTP, FLOW, CATALOG, MPM, SPM, VOICE_CALL, ORDER_DETAILS, REQUEST_CONTACT_INFO.",
    ],
  ])("may not have %s", ([, definition, fault], { expect }) => {
    expect(faultsOf(definition)).toEqual([fault]);
  });

  it("is changed in part, within the same limits", ({ expect }) => {
    expect(faultsOf({ category: "MARKETING" }, templateEdit)).toEqual([]);
    expect(faultsOf({ components: [{ type: "BODY", text: long(1025) }] }, templateEdit)).toHaveLength(1);
    expect(faultsOf({ category: "UTILITY", message_send_ttl_seconds: 29 }, templateEdit)).toHaveLength(1);
    expect(faultsOf(ttl("UTILITY", -1))).toEqual([]);
  });
});
