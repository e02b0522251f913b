import { createHmac } from "node:crypto";
import { APP_SECRET } from "../settings.ts";
import { httpRequest } from "./http-request.ts";

export type Webhook = { wamid: string; request: Buffer };

export type TextMessage = { phoneNumberId: string; from: string; name: string; wamid: string; text: string };

export type Batch = {
  /** What the wamids of all of them begin with, and no other's. */
  prefix: string;
  webhooks: Webhook[];
};

let batches = 0;

/** Signed webhooks of one text message each, as Meta sends them, from `customers` people in turn. */
export function textWebhooks(count: number, phoneNumberId: string, customers: number): Batch {
  const prefix = `wamid.HBgL${Buffer.from(`run ${String(batches++).padStart(6, "0")}`).toString("base64url")}`;
  const webhooks = Array.from({ length: count }, (_, n) => {
    const from = customerPhone(n % customers);
    const name = `Customer ${from.slice(-4)}`;
    const wamid = `${prefix}${Buffer.from(`${from}/${n}`).toString("base64")}`;
    const text = `Message ${n}: is my order 4711 on its way, and when will it be here?`;
    return { wamid, request: signedRequest({ phoneNumberId, from, name, wamid, text }) };
  });
  return { prefix, webhooks };
}

export function customerPhone(n: number): string {
  return `7916${String(n).padStart(7, "0")}`;
}

export function signedRequest(message: TextMessage): Buffer {
  const body = bodyOf(message);
  const signature = createHmac("sha256", APP_SECRET).update(body).digest("hex");
  return httpRequest("POST", "/api/waba/webhook", { "x-hub-signature-256": `sha256=${signature}` }, body);
}

export function bodyOf({ phoneNumberId, from, name, wamid, text }: TextMessage): string {
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "79001234567", phone_number_id: phoneNumberId },
    contacts: [{ profile: { name }, wa_id: from }],
    messages: [
      {
        from,
        id: wamid,
        timestamp: String(Math.floor(Date.now() / 1000)),
        text: { body: text },
        type: "text",
      },
    ],
  };
  const entry = [{ id: "123456789012345", changes: [{ value, field: "messages" }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}
