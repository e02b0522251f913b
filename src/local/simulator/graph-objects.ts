import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import type { Fields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal, noSuchObject } from "./graph-errors.ts";
import { findPhone, type SimulatedPhone, type World } from "./world.ts";

export const VERSION = "/:version{v\\d+\\.\\d+}";

const APP_ID = "670843887433847";
const APP = { id: APP_ID, name: "WABA Edge", link: `https://www.facebook.com/games/?app_id=${APP_ID}` };
const SCOPES = ["whatsapp_business_management", "whatsapp_business_messaging"];
const PAGING = { cursors: { before: "MAZDZD", after: "MAZDZD" } };
const PHONE_FIELDS =
  "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput";

/** Reads phones and WABAs, and changes the app's subscription to a WABA. */
export function objectRoutes({ world }: Simulation): Hono<GraphEnv> {
  const { journal } = world;
  return new Hono<GraphEnv>()
    .get(`${VERSION}/:id/phone_numbers`, (c) => {
      const fields = c.req.query("fields") ?? PHONE_FIELDS;
      const data = phonesOf(world, c.req.param("id")).map((phone) => pick(phoneData(phone), fields));
      return c.json({ data, paging: PAGING });
    })
    .get(`${VERSION}/:id/subscribed_apps`, (c) => {
      const wabaId = c.req.param("id");
      phonesOf(world, wabaId);
      const data = journal.get("unsubscribed", wabaId) ? [] : [{ whatsapp_business_api_data: APP }];
      return c.json({ data });
    })
    .post(`${VERSION}/:id/subscribed_apps`, (c) => {
      phonesOf(world, c.req.param("id"));
      journal.remove("unsubscribed", c.req.param("id"));
      return c.json({ success: true });
    })
    .delete(`${VERSION}/:id/subscribed_apps`, (c) => {
      const wabaId = c.req.param("id");
      phonesOf(world, wabaId);
      journal.put("unsubscribed", wabaId, { wabaId });
      return c.json({ success: true });
    })
    .get(`${VERSION}/:id`, (c) => {
      const id = c.req.param("id");
      const phone = findPhone(world, id);
      if (phone) return c.json(pick(phoneData(phone), c.req.query("fields") ?? PHONE_FIELDS));
      phonesOf(world, id);
      return c.json(
        pick(wabaData(id), c.req.query("fields") ?? "id,name,timezone_id,message_template_namespace"),
      );
    });
}

export function requirePhone(world: World, id: string): SimulatedPhone {
  const phone = findPhone(world, id);
  if (!phone) throw noSuchObject(id);
  return phone;
}

/** `debug_token`'s data. A valid token belongs to a system user, never expires, and has access to every WABA. */
export function tokenData(world: World, problem: string | null): Fields {
  if (problem) return { error: { code: 190, message: problem, subcode: 463 }, is_valid: false, scopes: [] };
  const target_ids = [...new Set(world.phones.map((phone) => phone.wabaId))];
  return {
    app_id: APP_ID,
    type: "SYSTEM_USER",
    application: APP.name,
    expires_at: 0,
    is_valid: true,
    scopes: SCOPES,
    granular_scopes: SCOPES.map((scope) => ({ scope, target_ids })),
    user_id: "122100000000000001",
  };
}

/** Returns the id, or throws when there is no such WABA. */
export function requireWaba(world: World, wabaId: string): string {
  phonesOf(world, wabaId);
  return wabaId;
}

/** A WABA exists if it has a phone. */
function phonesOf(world: World, wabaId: string): SimulatedPhone[] {
  const phones = world.phones.filter((phone) => phone.wabaId === wabaId);
  if (phones.length === 0) throw noSuchObject(wabaId);
  return phones;
}

/** The requested fields (`name,status,throughput{level}`), and always the id. */
function pick(object: Fields, fields: string): Fields {
  const names = fields
    .replace(/\{[^}]*\}/g, "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !Object.hasOwn(object, name));
  if (unknown) throw new GraphRefusal(100, `Tried accessing nonexisting field (${unknown})`);
  return Object.fromEntries([...names, "id"].map((name) => [name, object[name]]));
}

function phoneData(phone: SimulatedPhone): Fields {
  return {
    id: phone.id,
    verified_name: phone.verifiedName,
    display_phone_number: phone.displayPhoneNumber,
    quality_rating: "GREEN",
    status: "CONNECTED",
    name_status: "APPROVED",
    code_verification_status: "VERIFIED",
    platform_type: "CLOUD_API",
    account_mode: "LIVE",
    throughput: { level: "STANDARD" },
    messaging_limit_tier: "TIER_1K",
    whatsapp_business_manager_messaging_limit: "TIER_1K",
    is_official_business_account: false,
    is_pin_enabled: false,
    health_status: health("PHONE_NUMBER", phone.id),
    webhook_configuration: {},
  };
}

function wabaData(id: string): Fields {
  return {
    id,
    name: "WABA Edge",
    timezone_id: "1",
    message_template_namespace: "5f7a1c9e_2b3d_4e6f_8a90_b1c2d3e4f506",
    currency: "USD",
    account_review_status: "APPROVED",
    business_verification_status: "verified",
    health_status: health("WABA", id),
  };
}

function health(entity_type: string, id: string): Fields {
  return { can_send_message: "AVAILABLE", entities: [{ entity_type, id, can_send_message: "AVAILABLE" }] };
}
