import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { APP, APP_TOKEN, type Fixture, NUMBER, SECRET, startFixture, WABA } from "./fixture.ts";

const CUSTOMER = "79160000001";
const BUSINESS = "506914307656634";
const TOKEN = "EAAtest-token-0123456789";
const MANAGEMENT = "whatsapp_business_management";
const MESSAGING = "whatsapp_business_messaging";

type Json = Record<string, unknown>;
type Step = [method: string, path: string, body?: Json];

const text = { messaging_product: "whatsapp", to: CUSTOMER, type: "text", text: { body: "hi" } };
const debug = `/debug_token?input_token=${TOKEN}`;
const send: Step = ["POST", `/${NUMBER}/messages`, text];
const proofOf = (secret: string) => createHmac("sha256", secret).update(TOKEN).digest("hex");
const health = (can_send_message: string, error: Json) => ({
  can_send_message,
  entities: [{ entity_type: "WABA", id: WABA, can_send_message, errors: [error] }],
});
const unpaid = { error_code: 141006, error_description: "There is an error with the payment method." };
const unverified = { error_code: 141010, possible_solution: "Complete business verification." };

/** A state, how the control API makes it, and what a call to Graph then shows. */
const states: [state: string, control: Step[], call: Step, shown: Json][] = [
  [
    "healthy",
    [],
    ["GET", debug],
    { data: { is_valid: true, type: "SYSTEM_USER", expires_at: 0, app_id: APP } },
  ],
  ["a token of no shape", [], ["GET", "/debug_token?input_token=abc"], { data: { is_valid: false } }],
  [
    "a revoked token",
    [["PATCH", "/tokens", { token: TOKEN, revoked: true }]],
    send,
    { error: { code: 190, error_subcode: 467 } },
  ],
  [
    "a revoked token that inspects itself",
    [["PATCH", "/tokens", { token: TOKEN, revoked: true }]],
    ["GET", debug],
    { error: { code: 190 } },
  ],
  [
    "a revoked token that the app inspects",
    [["PATCH", "/tokens", { token: TOKEN, revoked: true }]],
    ["GET", `${debug}&access_token=${APP_TOKEN}`],
    { data: { is_valid: false, error: { code: 190, subcode: 467 } } },
  ],
  [
    "an expired token",
    [["PATCH", "/tokens", { expiresAt: 1 }]],
    ["GET", `/${NUMBER}`],
    { error: { code: 190, error_subcode: 463 } },
  ],
  [
    "a user's token",
    [["PATCH", "/tokens", { type: "USER", expiresAt: 4_000_000_000 }]],
    ["GET", debug],
    { data: { is_valid: true, type: "USER", expires_at: 4_000_000_000 } },
  ],
  [
    "a token of another app",
    [["PATCH", "/tokens", { appId: "11111" }]],
    ["GET", debug],
    { data: { app_id: "11111" } },
  ],
  ["no scope to send", [["PATCH", "/tokens", { scopes: [MANAGEMENT] }]], send, { error: { code: 10 } }],
  [
    "no scope to manage",
    [["PATCH", "/tokens", { scopes: [MESSAGING] }]],
    ["GET", `/${WABA}/phone_numbers`],
    { error: { code: 200, error_subcode: 1349176 } },
  ],
  [
    "no scope at all",
    [["PATCH", "/tokens", { scopes: [] }]],
    ["GET", `/${NUMBER}`],
    { error: { code: 200 } },
  ],
  [
    "scopes of another WABA",
    [["PATCH", "/tokens", { wabaIds: ["99999"] }]],
    ["GET", debug],
    { data: { granular_scopes: [{ target_ids: ["99999"] }, { target_ids: ["99999"] }] } },
  ],
  [
    "scopes of another WABA, for this one",
    [["PATCH", "/tokens", { wabaIds: ["99999"] }]],
    ["GET", `/${WABA}`],
    { error: { code: 100, error_subcode: 33 } },
  ],
  [
    "scopes of another WABA, for its phone",
    [["PATCH", "/tokens", { wabaIds: ["99999"] }]],
    send,
    { error: { code: 100, error_subcode: 33 } },
  ],
  [
    "an unknown WABA id",
    [],
    ["GET", "/123123123123123"],
    { error: { code: 100, error_subcode: 33, type: "GraphMethodException" } },
  ],
  [
    "the business's id for the WABA's",
    [],
    ["GET", `/${BUSINESS}/phone_numbers`],
    {
      error: {
        code: 100,
        message: "(#100) Tried accessing nonexisting field (phone_numbers) on node type (Business)",
      },
    },
  ],
  [
    "the business's id, for a field of a WABA",
    [],
    ["GET", `/${BUSINESS}?fields=account_review_status`],
    { error: { code: 100 } },
  ],
  [
    "the WABA's id for the phone's",
    [],
    ["GET", `/${WABA}?fields=display_phone_number`],
    {
      error: {
        message:
          "(#100) Tried accessing nonexisting field (display_phone_number) on node type (WhatsAppBusinessAccount)",
      },
    },
  ],
  [
    "the phone's id for the WABA's",
    [],
    ["GET", `/${NUMBER}/phone_numbers`],
    {
      error: {
        message:
          "(#100) Tried accessing nonexisting field (phone_numbers) on node type (WhatsAppBusinessPhoneNumber)",
      },
    },
  ],
  [
    "a phone of another WABA",
    [["PATCH", `/phones/${NUMBER}`, { wabaId: "55555" }]],
    ["GET", `/${WABA}/phone_numbers?fields=id`],
    { data: [{ id: "987654321098799" }] },
  ],
  [
    "a phone that is not registered",
    [["PATCH", `/phones/${NUMBER}`, { status: "DISCONNECTED", platform_type: "NOT_APPLICABLE" }]],
    send,
    { error: { code: 133010 } },
  ],
  [
    "a phone whose code was not verified",
    [["PATCH", `/phones/${NUMBER}`, { code_verification_status: "NOT_VERIFIED" }]],
    ["POST", `/${NUMBER}/register`, { messaging_product: "whatsapp", pin: "123456" }],
    { error: { code: 133006 } },
  ],
  [
    "a phone with another PIN",
    [["PATCH", `/phones/${NUMBER}`, { pin: "654321" }]],
    ["POST", `/${NUMBER}/register`, { messaging_product: "whatsapp", pin: "123456" }],
    { error: { code: 133005 } },
  ],
  [
    "a display name that is not approved",
    [["PATCH", `/phones/${NUMBER}`, { name_status: "DECLINED" }]],
    ["GET", `/${NUMBER}?fields=name_status`],
    { name_status: "DECLINED", id: NUMBER },
  ],
  [
    "low quality",
    [["PATCH", `/phones/${NUMBER}`, { quality_rating: "RED" }]],
    ["GET", `/${WABA}/phone_numbers`],
    { data: [{ quality_rating: "RED" }, { quality_rating: "GREEN" }] },
  ],
  [
    "a blocked phone",
    [["PATCH", `/phones/${NUMBER}`, { health_status: health("BLOCKED", {}) }]],
    send,
    { error: { code: 131031 } },
  ],
  [
    "a WABA that has not paid",
    [["PATCH", `/wabas/${WABA}`, { health_status: health("BLOCKED", unpaid) }]],
    send,
    { error: { code: 131042 } },
  ],
  [
    "a limited WABA",
    [["PATCH", `/wabas/${WABA}`, { health_status: health("LIMITED", unverified) }]],
    ["GET", `/${WABA}?fields=health_status`],
    { health_status: health("LIMITED", unverified) },
  ],
  [
    "a rejected WABA",
    [["PATCH", `/wabas/${WABA}`, { account_review_status: "REJECTED" }]],
    ["GET", `/${WABA}?fields=account_review_status`],
    { account_review_status: "REJECTED" },
  ],
  ["the right secret", [], ["GET", `/${NUMBER}?appsecret_proof=${proofOf(SECRET)}`], { id: NUMBER }],
  [
    "a wrong secret",
    [["PATCH", "/app", { secret: "of another app" }]],
    ["GET", `/${NUMBER}?appsecret_proof=${proofOf(SECRET)}`],
    { error: { code: 100, message: "Invalid appsecret_proof provided in the API argument" } },
  ],
  [
    "an app that requires a proof",
    [["PATCH", "/app", { requiresProof: true }]],
    ["GET", `/${NUMBER}`],
    { error: { code: 100 } },
  ],
  [
    "an app without the field messages",
    [["PATCH", "/app", { fields: ["account_update"] }]],
    ["GET", `/${APP}/subscriptions?access_token=${APP_TOKEN}`],
    { data: [{ object: "whatsapp_business_account", active: true, fields: [{ name: "account_update" }] }] },
  ],
  [
    "an app with another callback URL",
    [["PATCH", "/app", { callbackUrl: "https://other.example/hook" }]],
    ["GET", `/${APP}/subscriptions?access_token=${APP_TOKEN}`],
    { data: [{ callback_url: "https://other.example/hook" }] },
  ],
  [
    "the app's subscriptions with a system user's token",
    [],
    ["GET", `/${APP}/subscriptions`],
    { error: { code: 15 } },
  ],
  [
    "a WABA that the app is not subscribed to",
    [["PATCH", `/wabas/${WABA}`, { subscribed: false }]],
    ["GET", `/${WABA}/subscribed_apps`],
    { data: [] },
  ],
  [
    "a WABA with an override",
    [["PATCH", `/wabas/${WABA}`, { callbackUrl: "https://other.example/hook" }]],
    ["GET", `/${WABA}/subscribed_apps`],
    {
      data: [
        { override_callback_uri: "https://other.example/hook", whatsapp_business_api_data: { id: APP } },
      ],
    },
  ],
  [
    "a phone with an override",
    [["PATCH", `/phones/${NUMBER}`, { callbackUrl: "https://other.example/hook" }]],
    ["GET", `/${NUMBER}?fields=webhook_configuration`],
    { webhook_configuration: { phone_number: "https://other.example/hook" } },
  ],
];

describe("a state of an account at the simulated Meta", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
    await fixture.write(CUSTOMER, "hello");
  });
  afterAll(() => fixture.close());
  afterEach(() => fixture.control("DELETE", "/accounts"));

  for (const [state, control, [method, path, body], shown] of states) {
    it(`shows at ${method} ${path.split("?")[0]}: ${state}`, async ({ expect }) => {
      const before = await fixture.graph(method, path, body);
      for (const [verb, at, change] of control)
        expect((await fixture.control(verb, at, change)).status).toBe(200);
      const headers = path.includes("access_token") ? {} : { authorization: `Bearer ${TOKEN}` };
      const after = await fixture.graph(method, path, body, headers);
      expect(after.body).toMatchObject(shown);
      if (control.length === 0) return;
      expect(before.body).not.toMatchObject(shown);
      await fixture.control("DELETE", "/accounts");
      const again = await fixture.graph(method, path, body, headers);
      expect(again.body).not.toMatchObject(shown);
    });
  }

  it("lets a limited WABA send", async ({ expect }) => {
    await fixture.control("PATCH", `/wabas/${WABA}`, { health_status: health("LIMITED", unverified) });
    const [method, path, body] = send;
    expect((await fixture.graph(method, path, body)).status).toBe(200);
  });
});
