import { toHex } from "../encoding.ts";
import { type Call, callGraph, type GraphOptions, pageOf } from "./graph-call.ts";
import { GraphError } from "./graph-error.ts";
import { objectOf, objectsOf } from "./json-fields.ts";
import type { JsonObject } from "./json-text.ts";

const MOST_PAGES = 20;
const ACCOUNT_FIELDS = "id,name,account_review_status,business_verification_status,health_status";
const NUMBER_FIELDS = "id,display_phone_number,verified_name";
const PHONE_FIELDS = [
  ...["display_phone_number", "verified_name", "status", "code_verification_status", "name_status"],
  ...[
    "quality_rating",
    "platform_type",
    "account_mode",
    "throughput",
    "webhook_configuration",
    "health_status",
  ],
];

/** How Meta sends the code that verifies a number. */
export const codeMethods = ["SMS", "VOICE"] as const;
export type CodeMethod = (typeof codeMethods)[number];

/** What connecting a number takes. Every method throws `GraphError` unless Meta confirms success. */
export type NumberClient = {
  /** `debug_token` on the token itself: kind, end, permissions. */
  inspectToken(): Promise<JsonObject>;
  account(wabaId: string): Promise<JsonObject>;
  /** The account's numbers. */
  numbers(wabaId: string): Promise<JsonObject[]>;
  phone(phoneNumberId: string): Promise<JsonObject>;
  /** The apps that get the account's events. */
  subscribedApps(wabaId: string): Promise<JsonObject[]>;
  subscribe(wabaId: string): Promise<void>;
  register(phoneNumberId: string, pin: string): Promise<void>;
  requestCode(phoneNumberId: string, method: CodeMethod, language: string): Promise<void>;
  verifyCode(phoneNumberId: string, code: string): Promise<void>;
  /** A read with the proof that this secret makes of the token; fails when it is another app's. */
  prove(phoneNumberId: string, appSecret: string): Promise<void>;
  /** Where the app's events go, by the token that app and secret make. */
  appSubscriptions(appId: string, appSecret: string): Promise<JsonObject[]>;
};

export function numberClient(options: GraphOptions): NumberClient {
  const call = (request: Call) => callGraph(options, request);
  const done = async (request: Call) => assertDone(await call(request));
  return {
    async inspectToken() {
      const query = { input_token: options.token };
      return objectOf((await call({ method: "GET", id: "debug_token", query })).data);
    },
    account: (wabaId) => call({ method: "GET", id: wabaId, query: { fields: ACCOUNT_FIELDS } }),
    async numbers(wabaId) {
      const found: JsonObject[] = [];
      let after: string | null | undefined;
      for (let page = 0; page < MOST_PAGES && after !== null; page++) {
        const query = { fields: NUMBER_FIELDS, limit: "100", after };
        const read = pageOf(await call({ method: "GET", id: wabaId, path: "/phone_numbers", query }));
        found.push(...read.items);
        after = read.after;
      }
      return found;
    },
    phone: (phoneNumberId) =>
      call({ method: "GET", id: phoneNumberId, query: { fields: phoneFields(options.version) } }),
    async subscribedApps(wabaId) {
      return objectsOf((await call({ method: "GET", id: wabaId, path: "/subscribed_apps" })).data);
    },
    subscribe: (wabaId) => done({ method: "POST", id: wabaId, path: "/subscribed_apps" }),
    register: (id, pin) => {
      const body = { messaging_product: "whatsapp", pin };
      return done({ method: "POST", id, path: "/register", body });
    },
    requestCode: (id, code_method, language) =>
      done({ method: "POST", id, path: "/request_code", body: { code_method, language } }),
    verifyCode: (id, code) => done({ method: "POST", id, path: "/verify_code", body: { code } }),
    async prove(id, appSecret) {
      const appsecret_proof = await proofOf(options.token, appSecret);
      await call({ method: "GET", id, query: { fields: "id", appsecret_proof } });
    },
    async appSubscriptions(appId, appSecret) {
      const asApp = { ...options, token: `${appId}|${appSecret}` };
      return objectsOf((await callGraph(asApp, { method: "GET", id: appId, path: "/subscriptions" })).data);
    },
  };
}

/** The messaging limit has another name from v24.0 on, and Graph refuses a field that it does not know. */
function phoneFields(version: string): string {
  const major = Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
  return [
    ...PHONE_FIELDS,
    major >= 24 ? "whatsapp_business_manager_messaging_limit" : "messaging_limit_tier",
  ].join(",");
}

/** https://developers.facebook.com/docs/graph-api/guides/secure-requests */
async function proofOf(token: string, appSecret: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(appSecret), algorithm, false, ["sign"]);
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(token))));
}

/** Also used for the account's calls: an answer that does not say so is no success. */
export function assertDone({ success }: JsonObject): void {
  if (success === true) return;
  throw new GraphError("Meta's answer does not say that it was done.", {
    outcome: "unknown",
    httpStatus: 200,
  });
}
