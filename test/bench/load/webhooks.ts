import { createHmac } from "node:crypto";
import { APP_SECRET } from "../settings.ts";
import { httpRequest } from "./http-request.ts";

export type TextMessage = { phoneNumberId: string; from: string; wamid: string; text: string };
export type Webhook = TextMessage & { request: Buffer };
export type Batch = {
  /** The common prefix of their wamids, which no other batch has. */
  prefix: string;
  webhooks: Webhook[];
};

let batches = 0;

/** Signed webhooks of one text each, as Meta sends them, from `customers` customers in turn. */
export function textWebhooks(count: number, phoneNumberId: string, customers: number): Batch {
  const { prefix, messages } = texts(count, phoneNumberId, customers);
  return { prefix, webhooks: messages.map((message) => ({ ...message, request: signedBatch([message]) })) };
}

export function texts(count: number, phoneNumberId: string, customers: number) {
  const prefix = `wamid.HBgL${Buffer.from(`run ${String(batches++).padStart(6, "0")}`).toString("base64url")}`;
  const messages = Array.from({ length: count }, (_, n): TextMessage => {
    const from = customerPhone(n % customers);
    const wamid = `${prefix}${Buffer.from(`${from}/${n}`).toString("base64")}`;
    return {
      phoneNumberId,
      from,
      wamid,
      text: `Message ${n}: is my order 4711 on its way, and when will it be here?`,
    };
  });
  return { prefix, messages };
}

export function customerPhone(n: number): string {
  return `7916${String(n).padStart(7, "0")}`;
}

/** One signed request with these messages, all to the same business phone. */
export function signedBatch(messages: TextMessage[]): Buffer {
  const body = bodyOf(messages);
  const signature = createHmac("sha256", APP_SECRET).update(body).digest("hex");
  return httpRequest("POST", "/api/waba/webhook", { "x-hub-signature-256": `sha256=${signature}` }, body);
}

export function bodyOf(messages: TextMessage[]): string {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const customers = [...new Set(messages.map(({ from }) => from))];
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "79001234501", phone_number_id: messages[0]?.phoneNumberId },
    contacts: customers.map((from) => ({ profile: { name: `Customer ${from.slice(-4)}` }, wa_id: from })),
    messages: messages.map(({ from, wamid, text }) => {
      return { from, id: wamid, timestamp, text: { body: text }, type: "text" };
    }),
  };
  const entry = [{ id: "123456789012345", changes: [{ value, field: "messages" }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}
