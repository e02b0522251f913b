import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { phoneState, savePhoneState } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { type Fields, isFields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal, noSuchObject } from "./graph-errors.ts";
import { requirePhone } from "./graph-nodes.ts";
import { pageOf } from "./graph-pages.ts";
import type { SimulatedPhone } from "./world.ts";

/** A QR code or short link that opens a chat with a prefilled message. */
export type SimulatedQrCode = { code: string; phoneNumberId: string; message: string };

/** A phone's settings, its commands and ice breakers, its catalog, and its QR codes. */
export function phoneExtraRoutes({ world }: Simulation): Hono<GraphEnv> {
  const { journal } = world;
  const codesOf = ({ id }: SimulatedPhone) =>
    journal.all("qrCode").filter(({ phoneNumberId }) => phoneNumberId === id);
  const settingsOf = (phone: SimulatedPhone, key: string): Fields => {
    const stored = phoneState(world, phone).settings[key];
    return isFields(stored) ? stored : {};
  };
  const merge = (phone: SimulatedPhone, changes: Fields) => {
    const { settings } = phoneState(world, phone);
    const merged = Object.entries(changes).map(([key, value]) => [
      key,
      { ...settingsOf(phone, key), ...(isFields(value) ? value : {}) },
    ]);
    savePhoneState(world, phone, { settings: { ...settings, ...Object.fromEntries(merged) } });
  };
  /** Creates a code, or changes the message of the one that is named. */
  const saveCode = (phoneNumberId: string, body: Fields): Fields => {
    const { prefilled_message: message, code: existing, generate_qr_image: image } = body;
    if (typeof message !== "string" || message === "" || [...message].length > 140)
      throw new GraphRefusal(100, {
        message: "(#100) Param prefilled_message must have 1 to 140 characters",
      });
    if (existing !== undefined && !journal.get("qrCode", String(existing)))
      throw noSuchObject(String(existing), "post");
    const code = existing === undefined ? randomBytes(7).toString("hex").toUpperCase() : String(existing);
    const saved = { code, phoneNumberId, message };
    journal.put("qrCode", code, saved);
    return qrCodeData(saved, image);
  };
  return new Hono<GraphEnv>()
    .get("/:id/settings", (c) => {
      const phone = requirePhone(world, c.req.param("id"), "settings");
      const { commerce: _, automation: __, ...settings } = phoneState(world, phone).settings;
      return c.json({
        ...DEFAULT_SETTINGS,
        ...settings,
        calling: { ...CALLING, ...settingsOf(phone, "calling") },
      });
    })
    .post("/:id/settings", (c) => {
      const changes = Object.entries(c.get("call").body).filter(([, value]) => isFields(value));
      merge(requirePhone(world, c.req.param("id")), Object.fromEntries(changes));
      return c.json({ success: true });
    })
    .get("/:id/conversational_automation", (c) =>
      c.json(settingsOf(requirePhone(world, c.req.param("id")), "automation")),
    )
    .post("/:id/conversational_automation", (c) => {
      merge(requirePhone(world, c.req.param("id")), { automation: c.get("call").body });
      return c.json({ success: true });
    })
    .get("/:id/whatsapp_commerce_settings", (c) => {
      const phone = requirePhone(world, c.req.param("id"));
      const start = { id: phone.id, is_cart_enabled: true, is_catalog_visible: false };
      return c.json({ data: [{ ...start, ...settingsOf(phone, "commerce") }] });
    })
    .post("/:id/whatsapp_commerce_settings", (c) => {
      const { is_cart_enabled, is_catalog_visible } = c.get("call").body;
      const given = Object.entries({ is_cart_enabled, is_catalog_visible }).filter(
        ([, value]) => value !== undefined,
      );
      const commerce = Object.fromEntries(given.map(([key, value]) => [key, String(value) === "true"]));
      merge(requirePhone(world, c.req.param("id")), { commerce });
      return c.json({ success: true });
    })
    .get("/:id/message_qrdls", (c) => {
      const codes = codesOf(requirePhone(world, c.req.param("id")));
      return c.json(
        pageOf(
          c,
          codes.map((code) => qrCodeData(code)),
        ),
      );
    })
    .get("/:id/message_qrdls/:code", (c) => {
      const codes = codesOf(requirePhone(world, c.req.param("id")));
      return c.json({
        data: codes.filter(({ code }) => code === c.req.param("code")).map((one) => qrCodeData(one)),
      });
    })
    .post("/:id/message_qrdls", (c) => {
      const { id } = requirePhone(world, c.req.param("id"));
      return c.json(saveCode(id, c.get("call").body));
    })
    .post("/:id/message_qrdls/:code", (c) => {
      const { id } = requirePhone(world, c.req.param("id"));
      return c.json(saveCode(id, { ...c.get("call").body, code: c.req.param("code") }));
    })
    .delete("/:id/message_qrdls/:code", (c) => {
      const code = c.req.param("code");
      if (!journal.get("qrCode", code)) throw noSuchObject(code, "delete");
      journal.remove("qrCode", code);
      return c.json({ success: true });
    });
}

const CALLING = {
  status: "DISABLED",
  call_icon_visibility: "DEFAULT",
  callback_permission_status: "DISABLED",
  ip_addresses: { default: ["192.0.2.1"] },
  video: { status: "DISABLED" },
};
const DEFAULT_SETTINGS = {
  payload_encryption: { status: "DISABLED" },
  storage_configuration: { status: "DEFAULT" },
};

function qrCodeData({ code, message }: SimulatedQrCode, image?: unknown): Fields {
  const deep_link_url = `https://wa.me/message/${code}`;
  const qr_image_url = { qr_image_url: `${deep_link_url}.${String(image).toLowerCase()}` };
  return { code, prefilled_message: message, deep_link_url, ...(image !== undefined && qr_image_url) };
}
