import { Hono } from "hono";
import {
  APP_ID,
  allPhones,
  allWabaIds,
  appSecretOf,
  appState,
  BUSINESS_ID,
  findPhone,
  findWaba,
  phoneState,
  saveAppState,
  savePhoneState,
  saveWabaState,
} from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { flag, integer, oneOf, type Rule, text } from "./fault-rules.ts";
import { BadInput, type Fields, parseBody } from "./fields.ts";
import { WEBHOOK_FIELDS } from "./graph-app.ts";
import { phoneData } from "./graph-phones.ts";
import { wabaData } from "./graph-wabas.ts";
import { SCOPES, saveTokenState } from "./tokens.ts";
import type { SimulatedPhone, World } from "./world.ts";

const ID: Rule = (value) => (typeof value === "string" && /^\d{5,20}$/.test(value) ? null : "must be digits");
const URL_OR_NULL: Rule = (value) =>
  value === null || (typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value))
    ? null
    : "must be a URL or null";
const nullOr =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? null : rule(value);
const listOfNames =
  (...allowed: string[]): Rule =>
  (value) =>
    Array.isArray(value) && value.every((name) => allowed.includes(name))
      ? null
      : `must be a list of ${allowed.join(", ")}`;
const ids: Rule = (value) =>
  Array.isArray(value) && value.every((id) => ID(id) === null) ? null : "must be a list of ids";
const sixDigits: Rule = (value) => (/^\d{6}$/.test(String(value)) ? null : "must be six digits");

const PHONE_RULES: Record<string, Rule> = {
  wabaId: ID,
  callbackUrl: URL_OR_NULL,
  pin: nullOr(sixDigits),
  code: nullOr(sixDigits),
  sharesHistory: flag,
};
/** Fields of a phone that follow from the rest. */
const COMPUTED = ["id", "webhook_configuration", "is_pin_enabled", "conversational_automation"];
const WABA_RULES: Record<string, Rule> = { subscribed: flag, callbackUrl: URL_OR_NULL };
const APP_RULES: Record<string, Rule> = {
  callbackUrl: URL_OR_NULL,
  fields: nullOr(listOfNames(...WEBHOOK_FIELDS)),
  active: flag,
  secret: nullOr(text),
  requiresProof: flag,
  clockOffsetSeconds: integer(-1_000_000_000, 1_000_000_000),
  oldestVersion: (value) => (/^v\d+\.\d+$/.test(String(value)) ? null : "must be a version such as v22.0"),
};
const TOKEN_RULES: Record<string, Rule> = {
  token: text,
  revoked: flag,
  type: oneOf("SYSTEM_USER", "USER"),
  expiresAt: integer(0, 9_999_999_999),
  scopes: listOfNames(...SCOPES),
  wabaIds: nullOr(ids),
  appId: nullOr(ID),
  listsScopes: flag,
};

/**
 * Puts phones, WABAs, tokens and the app into any state that Meta's may have, mounted at `/simulator`. Each `PATCH` changes
 * what it names and leaves the rest; `DELETE /accounts` makes everything healthy again.
 *
 * - `PATCH /phones/:id {wabaId, callbackUrl, pin, code, sharesHistory, …}` and `PATCH /wabas/:id {subscribed, callbackUrl, …}` take besides these
 *   any field of Graph's object, by its name there, and create an object that does not exist.
 * - `PATCH /app {callbackUrl, fields, active, secret, requiresProof, clockOffsetSeconds, oldestVersion}`: null is the value of the start.
 * - `PATCH /tokens {token, revoked, type, expiresAt, scopes, wabaIds, appId, listsScopes}`: without `token` all that have
 *   no state of their own.
 */
export function accountControl(sim: Simulation): Hono {
  const { world, webhooks } = sim;
  const { journal } = world;
  return new Hono()
    .get("/phones", (c) => c.json({ data: allPhones(world).map((phone) => phoneView(world, phone)) }))
    .patch("/phones/:id", async (c) => {
      const id = c.req.param("id");
      requireId(id);
      const { wabaId, callbackUrl, pin, code, sharesHistory, ...fields } = parseBody(await c.req.text());
      const existing = findPhone(world, id);
      if (!existing && wabaId === undefined) throw new BadInput("wabaId", "is missing: this phone is new");
      const phone = existing ?? newPhone(id, String(wabaId));
      const change = definedOf({ wabaId, callbackUrl, pin, code, sharesHistory });
      check(PHONE_RULES, change);
      checkFields(phoneData(world, phone), fields, COMPUTED);
      savePhoneState(world, phone, { ...change, fields });
      webhooks.retryNow();
      return c.json(phoneView(world, findPhone(world, id) ?? phone));
    })
    .get("/wabas", (c) => c.json({ data: allWabaIds(world).map((id) => findWaba(world, id)) }))
    .patch("/wabas/:id", async (c) => {
      const id = c.req.param("id");
      requireId(id);
      const { subscribed, callbackUrl, ...fields } = parseBody(await c.req.text());
      const waba = findWaba(world, id) ?? { id, fields: {}, subscribed: true, callbackUrl: null };
      check(WABA_RULES, definedOf({ subscribed, callbackUrl }));
      checkFields(wabaData(waba), fields, ["id"]);
      const next = saveWabaState(world, waba, { ...definedOf({ subscribed, callbackUrl }), fields });
      webhooks.retryNow();
      return c.json(next);
    })
    .get("/app", (c) => c.json(appView(world)))
    .patch("/app", async (c) => {
      const change = parseBody(await c.req.text());
      check(APP_RULES, change);
      saveAppState(world, change);
      webhooks.retryNow();
      return c.json(appView(world));
    })
    .patch("/tokens", async (c) => {
      const body = parseBody(await c.req.text());
      check(TOKEN_RULES, body);
      const { token, ...change } = body;
      return c.json(saveTokenState(world, typeof token === "string" ? token : null, change));
    })
    .delete("/accounts", (c) => {
      for (const { id } of journal.all("phone")) journal.remove("phone", id);
      for (const { id } of journal.all("waba")) journal.remove("waba", id);
      for (const key of journal.keys("token")) journal.remove("token", key);
      journal.remove("app", APP_ID);
      webhooks.retryNow();
      return c.body(null, 204);
    });
}

function newPhone(id: string, wabaId: string): SimulatedPhone {
  return { id, wabaId, displayPhoneNumber: `+1 555 ${id.slice(-7)}`, verifiedName: "New Number" };
}

function phoneView(world: World, phone: SimulatedPhone): Fields {
  const { callbackUrl, pin, code, settings } = phoneState(world, phone);
  return { ...phone, callbackUrl, pin, code, settings, graph: phoneData(world, phone) };
}

function appView(world: World): Fields {
  const { secret, ...app } = appState(world);
  const callbackUrl = app.callbackUrl ?? world.webhookUrl();
  const isOriginalSecret = appSecretOf(world) === world.appSecret;
  return { id: APP_ID, businessId: BUSINESS_ID, ...app, callbackUrl, isOriginalSecret };
}

function requireId(id: string): void {
  const problem = ID(id);
  if (problem) throw new BadInput("id", problem);
}

function check(rules: Record<string, Rule>, body: Fields): void {
  for (const [key, value] of Object.entries(body)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    const problem = rule ? rule(value) : `is unknown; allowed are ${Object.keys(rules).join(", ")}`;
    if (problem) throw new BadInput(key, problem);
  }
}

function checkFields(node: Fields, fields: Fields, computed: string[]): void {
  const allowed = Object.keys(node).filter((name) => !computed.includes(name));
  const unknown = Object.keys(fields).find((name) => !allowed.includes(name));
  if (unknown) throw new BadInput(unknown, `is unknown; Graph's fields are ${allowed.join(", ")}`);
}

function definedOf(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
