import { Hono } from "hono";
import { APP_ID, appState, saveAppState } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { verifyCallback } from "./callback.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal, noSuchObject } from "./graph-errors.ts";
import { isAppToken } from "./tokens.ts";

const OBJECT = "whatsapp_business_account";

/** The webhook fields of `whatsapp_business_account`. */
export const WEBHOOK_FIELDS = [
  "account_alerts",
  "account_review_update",
  "account_settings_update",
  "account_update",
  "automatic_events",
  "business_capability_update",
  "business_username_updates",
  "calls",
  "flows",
  "group_lifecycle_update",
  "group_participants_update",
  "group_settings_update",
  "group_status_update",
  "history",
  "message_template_components_update",
  "message_template_quality_update",
  "message_template_status_update",
  "messages",
  "messaging_handovers",
  "partner_solutions",
  "payment_configuration_update",
  "phone_number_name_update",
  "phone_number_quality_update",
  "security",
  "smb_app_state_sync",
  "smb_message_echoes",
  "standby",
  "template_category_update",
  "template_correct_category_detection",
  "user_id_update",
  "user_preferences",
];

/** The app's own subscription: its callback URL and fields. Needs the app's token. */
export function appRoutes(sim: Simulation): Hono<GraphEnv> {
  const { world, webhooks } = sim;
  return new Hono<GraphEnv>()
    .use("/:id/subscriptions", async (c, next) => {
      if (c.req.param("id") !== APP_ID) throw noSuchObject(c.req.param("id"), c.req.method);
      if (!isAppToken(c.get("call").token)) throw new GraphRefusal(15);
      await next();
    })
    .get("/:id/subscriptions", (c) => {
      const { callbackUrl, fields, active } = appState(world);
      const callback_url = callbackUrl ?? world.webhookUrl();
      const listed = (fields ?? WEBHOOK_FIELDS).map((name) => ({ name, version: "v25.0" }));
      const isNone = callback_url === null || listed.length === 0;
      return c.json({ data: isNone ? [] : [{ object: OBJECT, callback_url, active, fields: listed }] });
    })
    .post("/:id/subscriptions", async (c) => {
      const { object, callback_url, verify_token, fields } = c.get("call").body;
      if (object !== OBJECT)
        throw new GraphRefusal(100, { message: `(#100) Param object must be ${OBJECT}` });
      const names = namesOf(fields);
      const callbackUrl = await verifyCallback(callback_url, verify_token);
      const before = appState(world).fields ?? [];
      saveAppState(world, { callbackUrl, active: true, fields: [...new Set([...before, ...names])] });
      webhooks.retryNow();
      return c.json({ success: true });
    })
    .delete("/:id/subscriptions", (c) => {
      const { fields } = c.get("call").body;
      const removed = fields === undefined ? WEBHOOK_FIELDS : namesOf(fields);
      const before = appState(world).fields ?? WEBHOOK_FIELDS;
      saveAppState(world, { fields: before.filter((name) => !removed.includes(name)) });
      return c.json({ success: true });
    });
}

/** `messages,account_update`, or a list of names. */
function namesOf(fields: unknown): string[] {
  const names = Array.isArray(fields) ? fields.map(String) : String(fields ?? "").split(",");
  const wanted = names.map((name) => name.trim()).filter((name) => name !== "");
  const unknown = wanted.find((name) => !WEBHOOK_FIELDS.includes(name));
  if (unknown || wanted.length === 0)
    throw new GraphRefusal(100, { message: `(#100) Param fields has no valid field: ${unknown ?? ""}` });
  return wanted;
}
