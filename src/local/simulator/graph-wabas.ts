import { Hono } from "hono";
import { APP_ID, allWabaIds, BUSINESS_ID, findWaba, saveWabaState, type WabaState } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { verifyCallback } from "./callback.ts";
import type { Fields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { noSuchObject } from "./graph-errors.ts";
import { health, phonesOf, pick, requireWaba } from "./graph-nodes.ts";
import { pageOf } from "./graph-pages.ts";
import { listedPhones } from "./graph-phones.ts";

const APP = { id: APP_ID, name: "WABA Edge", link: `https://www.facebook.com/games/?app_id=${APP_ID}` };
const DEFAULT_FIELDS = "id,name,timezone_id,message_template_namespace";

/** Reads WABAs and their business, and changes the app's subscription to a WABA. */
export function wabaRoutes({ world }: Simulation): Hono<GraphEnv> {
  return new Hono<GraphEnv>()
    .get("/:id/phone_numbers", (c) => {
      const { id } = requireWaba(world, c.req.param("id"), "phone_numbers");
      return c.json(pageOf(c, listedPhones(world, phonesOf(world, id), c.req.query("fields"))));
    })
    .get("/:id/subscribed_apps", (c) =>
      c.json({ data: subscriptionsOf(requireWaba(world, c.req.param("id"), "subscribed_apps")) }),
    )
    .post("/:id/subscribed_apps", async (c) => {
      const waba = requireWaba(world, c.req.param("id"));
      const { override_callback_uri, verify_token } = c.get("call").body;
      const isOverride = override_callback_uri !== undefined && override_callback_uri !== "";
      const callbackUrl = isOverride ? await verifyCallback(override_callback_uri, verify_token) : null;
      const next = saveWabaState(world, waba, { subscribed: true, callbackUrl });
      return c.json({ success: true, ...(isOverride && { data: subscriptionsOf(next) }) });
    })
    .delete("/:id/subscribed_apps", (c) => {
      const waba = requireWaba(world, c.req.param("id"));
      saveWabaState(world, waba, { subscribed: false, callbackUrl: null });
      return c.json({ success: true });
    })
    .get("/:id/owned_whatsapp_business_accounts", (c) => {
      if (c.req.param("id") !== BUSINESS_ID) throw noSuchObject(c.req.param("id"));
      return c.json(
        pageOf(
          c,
          allWabaIds(world).map((id) => ({ id, name: "WABA Edge" })),
        ),
      );
    })
    .get("/:id", (c) => {
      const id = c.req.param("id");
      const fields = c.req.query("fields");
      const business = { id, name: "WABA Edge", verification_status: "verified" };
      if (id === BUSINESS_ID) return c.json(pick(business, fields ?? "id,name", "Business"));
      const app = { ...APP, category: "Business" };
      if (id === APP_ID) return c.json(pick(app, fields ?? "id,name,link,category", "Application"));
      const waba = findWaba(world, id);
      if (!waba) throw noSuchObject(id);
      return c.json(pick(wabaData(waba), fields ?? DEFAULT_FIELDS, "WhatsAppBusinessAccount"));
    });
}

function subscriptionsOf({ subscribed, callbackUrl }: WabaState): Fields[] {
  const override = callbackUrl === null ? {} : { override_callback_uri: callbackUrl };
  return subscribed ? [{ ...override, whatsapp_business_api_data: APP }] : [];
}

export function wabaData({ id, fields }: WabaState): Fields {
  return {
    name: "WABA Edge",
    timezone_id: "1",
    message_template_namespace: "5f7a1c9e_2b3d_4e6f_8a90_b1c2d3e4f506",
    currency: "USD",
    country: "US",
    account_review_status: "APPROVED",
    business_verification_status: "verified",
    status: "ACTIVE",
    ownership_type: "CLIENT_OWNED",
    owner_business_info: { name: "WABA Edge", id: BUSINESS_ID },
    health_status: health("WABA", id, id),
    ...fields,
    id,
  };
}
