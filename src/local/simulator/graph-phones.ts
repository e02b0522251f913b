import { randomInt } from "node:crypto";
import { Hono } from "hono";
import { appState, findPhone, findWaba, phoneState, savePhoneState } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { verifyCallback } from "./callback.ts";
import { at, type Fields, isFields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal } from "./graph-errors.ts";
import { health, pick, requirePhone } from "./graph-nodes.ts";
import { type SimulatedPhone, unixSeconds, type World } from "./world.ts";

const DEFAULT_FIELDS =
  "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,webhook_configuration";
/** What `POST /{phone}` changes; the others only need to be accepted. */
const CHANGEABLE = [
  "messaging_product",
  "pin",
  "webhook_configuration",
  "webhook_url",
  "whatsapp_business_api_data",
  "new_display_name",
  "connection_status",
  "search_visibility",
  "username",
];
const MAX_REGISTRATIONS = 10;
const REGISTRATION_PERIOD_S = 72 * 60 * 60;
const NOT_REGISTERED = { status: "DISCONNECTED", platform_type: "NOT_APPLICABLE" };

/** Reads and changes phones, and registers them. `/{id}` is shared with other objects. */
export function phoneRoutes({ world }: Simulation): Hono<GraphEnv> {
  return new Hono<GraphEnv>()
    .post("/:id/register", (c) => {
      register(world, requirePhone(world, c.req.param("id")), c.get("call").body);
      return c.json({ success: true });
    })
    .post("/:id/deregister", (c) => {
      const phone = requirePhone(world, c.req.param("id"));
      if (!isRegistered(world, phone)) {
        const message = "Phone number not registered on the WhatsApp Business Platform.";
        throw new GraphRefusal(100, { message, subcode: 2207051 });
      }
      savePhoneState(world, phone, {
        fields: NOT_REGISTERED,
        registrations: nextRegistrations(world, phone),
      });
      return c.json({ success: true });
    })
    .post("/:id/request_code", (c) => {
      const phone = requirePhone(world, c.req.param("id"));
      const { code_method, language } = c.get("call").body;
      if (code_method !== "SMS" && code_method !== "VOICE")
        throw new GraphRefusal(100, { message: "Invalid parameter: code_method must be SMS or VOICE" });
      if (typeof language !== "string" || language === "")
        throw new GraphRefusal(100, { message: "(#100) The parameter language is required" });
      if (phoneData(world, phone).code_verification_status === "VERIFIED") {
        const userMessage = "The phone number is already verified.";
        throw new GraphRefusal(136024, { subcode: 2388091, userTitle: "Cannot Request Code", userMessage });
      }
      savePhoneState(world, phone, { code: String(randomInt(100_000, 1_000_000)) });
      return c.json({ success: true });
    })
    .post("/:id/verify_code", (c) => {
      const phone = requirePhone(world, c.req.param("id"));
      const { code } = phoneState(world, phone);
      const given = String(c.get("call").body.code ?? "");
      if (!/^\d{6}$/.test(given))
        throw new GraphRefusal(100, { message: "Invalid verification code format" });
      if (given !== code) {
        const userMessage = "The code you entered is not valid.";
        throw new GraphRefusal(136025, { subcode: 2388095, userTitle: "Couldn't Verify Code", userMessage });
      }
      savePhoneState(world, phone, { code: null, fields: { code_verification_status: "VERIFIED" } });
      return c.json({ success: true, id: phone.id });
    })
    .get("/:id", (c, next) => {
      const phone = findPhone(world, c.req.param("id"));
      if (!phone) return next();
      const fields = c.req.query("fields") ?? DEFAULT_FIELDS;
      return Promise.resolve(c.json(pick(phoneData(world, phone), fields, "WhatsAppBusinessPhoneNumber")));
    })
    .post("/:id", async (c, next) => {
      const phone = findPhone(world, c.req.param("id"));
      if (!phone) return next();
      await change(world, phone, c.get("call").body);
      return c.json({ success: true });
    });
}

/** The phones of a list, with the fields that were asked for. */
export function listedPhones(world: World, phones: SimulatedPhone[], fields = DEFAULT_FIELDS): Fields[] {
  return phones.map((phone) => pick(phoneData(world, phone), fields, "WhatsAppBusinessPhoneNumber"));
}

/** Why Graph would refuse to send from this phone now, or null. */
export function sendingProblem(world: World, phone: SimulatedPhone): GraphRefusal | null {
  if (!isRegistered(world, phone)) return new GraphRefusal(133010, "The phone number is not registered.");
  const waba = findWaba(world, phone.wabaId);
  const states = [phoneData(world, phone).health_status, waba?.fields.health_status];
  const blocked = states.find((state) => at(state, "can_send_message") === "BLOCKED");
  if (!blocked) return null;
  const isPayment = JSON.stringify(blocked).includes('"error_code":141006');
  return new GraphRefusal(isPayment ? 131042 : 131031);
}

function isRegistered(world: World, phone: SimulatedPhone): boolean {
  const { status, platform_type } = phoneData(world, phone);
  return status === "CONNECTED" && platform_type !== "NOT_APPLICABLE";
}

/** A PIN that was set before has to be repeated; a new phone's sets it. */
function register(world: World, phone: SimulatedPhone, body: Fields): void {
  if (body.messaging_product !== "whatsapp")
    throw new GraphRefusal(100, { message: "(#100) The parameter messaging_product is required." });
  if (!/^\d{6}$/.test(String(body.pin ?? "")))
    throw new GraphRefusal(100, { message: "Invalid PIN format. PIN must be exactly 6 digits" });
  if (phoneData(world, phone).code_verification_status !== "VERIFIED")
    throw new GraphRefusal(133006, "Phone number needs to be verified before registering.");
  const { pin } = phoneState(world, phone);
  if (pin !== null && pin !== String(body.pin))
    throw new GraphRefusal(133005, "Two step verification code did not match.");
  savePhoneState(world, phone, {
    registrations: nextRegistrations(world, phone),
    pin: String(body.pin),
    fields: { status: "CONNECTED", platform_type: "CLOUD_API" },
  });
}

/** Ten registrations and deregistrations are allowed in 72 hours. */
function nextRegistrations(world: World, phone: SimulatedPhone): number[] {
  const now = unixSeconds(world.now());
  const recent = phoneState(world, phone).registrations.filter((at) => now - at < REGISTRATION_PERIOD_S);
  if (recent.length >= MAX_REGISTRATIONS) throw new GraphRefusal(133016, "Try again in 72 hours.");
  return [...recent, now];
}

async function change(world: World, phone: SimulatedPhone, body: Fields): Promise<void> {
  const unknown = Object.keys(body).find((key) => !CHANGEABLE.includes(key));
  if (unknown) throw new GraphRefusal(100, { message: `(#100) Unexpected key "${unknown}" on param` });
  const { pin = at(body, "whatsapp_business_api_data.pin"), webhook_configuration, new_display_name } = body;
  if (pin !== undefined && !/^\d{6}$/.test(String(pin)))
    throw new GraphRefusal(100, { message: "Invalid PIN format. PIN must be exactly 6 digits" });
  if (isFields(webhook_configuration)) {
    const { override_callback_uri, verify_token } = webhook_configuration;
    const callbackUrl = override_callback_uri
      ? await verifyCallback(override_callback_uri, verify_token)
      : null;
    savePhoneState(world, phone, { callbackUrl });
  }
  if (pin !== undefined) savePhoneState(world, phone, { pin: String(pin) });
  if (new_display_name !== undefined)
    savePhoneState(world, phone, { fields: { new_display_name, new_name_status: "PENDING_REVIEW" } });
}

export function phoneData(world: World, phone: SimulatedPhone): Fields {
  const { fields, callbackUrl, pin, settings } = phoneState(world, phone);
  const wabaUrl = findWaba(world, phone.wabaId)?.callbackUrl ?? null;
  const appUrl = appState(world).callbackUrl ?? world.webhookUrl();
  return {
    verified_name: phone.verifiedName,
    display_phone_number: phone.displayPhoneNumber,
    quality_rating: "GREEN",
    quality_score: { score: "GREEN" },
    status: "CONNECTED",
    name_status: "APPROVED",
    new_name_status: "NONE",
    code_verification_status: "VERIFIED",
    platform_type: "CLOUD_API",
    account_mode: "LIVE",
    throughput: { level: "STANDARD" },
    messaging_limit_tier: "TIER_1K",
    whatsapp_business_manager_messaging_limit: "TIER_1K",
    is_official_business_account: false,
    is_on_biz_app: false,
    is_pin_enabled: pin !== null,
    search_visibility: "NON_VISIBLE",
    health_status: health("PHONE_NUMBER", phone.id, phone.wabaId),
    conversational_automation: settings.automation ?? {},
    last_onboarded_time: "2026-01-15T09:00:00+0000",
    ...fields,
    webhook_configuration: {
      ...(callbackUrl && { phone_number: callbackUrl }),
      ...(wabaUrl && { whatsapp_business_account: wabaUrl }),
      ...(appUrl && { application: appUrl }),
    },
    id: phone.id,
  };
}
