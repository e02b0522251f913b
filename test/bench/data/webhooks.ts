import { randomBytes } from "node:crypto";
import type { InboundEvent } from "../../../src/domain/inbound-event.ts";
import { flatten } from "../../../src/whatsapp/flatten.ts";
import type { Customer, Seeded } from "./seed-shape.ts";

type Item = Record<string, unknown>;

export function aWamid(): string {
  return `wamid.${randomBytes(30).toString("base64url")}`;
}

/** The events of one text from each of these chats' customers; `fields` are further fields of Meta's message. */
export function texts(seeded: Seeded, chats: number[], fields: Item = {}): InboundEvent[] {
  return chats.flatMap((chat) => from(seeded, chat, { type: "text", text: { body: aBody() }, ...fields }));
}

/** The events of one item of `messages[]` from a chat's customer. */
export function from(seeded: Seeded, chat: number, item: Item): InboundEvent[] {
  const customer = seeded.customerOf(chat);
  return fromCustomer(seeded.phoneOf(chat).phoneNumberId, customer, item);
}

/** `fields` are further fields of Meta's contact. */
export function fromCustomer(
  phoneNumberId: string,
  { phone, userId = null }: Pick<Customer, "phone"> & Partial<Customer>,
  item: Item,
  fields: Item = {},
): InboundEvent[] {
  const sender = { ...(phone && { from: phone }), ...(userId && { from_user_id: userId }) };
  const contact = {
    ...(phone && { wa_id: phone }),
    ...(userId && { user_id: userId }),
    ...fields,
  };
  const message = { ...sender, id: aWamid(), timestamp: now(), ...item };
  return changeOf(phoneNumberId, "messages", { contacts: [contact], messages: [message] });
}

/** The events of a message to a chat's customer that was written in the WhatsApp Business app. */
export function echo(seeded: Seeded, chat: number): InboundEvent[] {
  const { phone, userId } = seeded.customerOf(chat);
  const to = { ...(phone && { to: phone }), ...(userId && { to_user_id: userId }) };
  const item = {
    from: "79001234567",
    ...to,
    id: aWamid(),
    timestamp: now(),
    type: "text",
    text: { body: aBody() },
  };
  return changeOf(seeded.phoneOf(chat).phoneNumberId, "smb_message_echoes", { message_echoes: [item] });
}

export function status(
  seeded: Seeded,
  chat: number,
  wamid: string,
  value: string,
  fields: Item = {},
): InboundEvent[] {
  const { phone } = seeded.customerOf(chat);
  const pricing = {
    billable: false,
    pricing_model: "PMP",
    category: "service",
    type: "free_customer_service",
  };
  const item = { id: wamid, status: value, timestamp: now(), recipient_id: phone ?? "", pricing, ...fields };
  return changeOf(seeded.phoneOf(chat).phoneNumberId, "messages", { statuses: [item] });
}

/** The events of one change of a business number; `lists` are the fields of Meta's value. */
export function changeOf(phoneNumberId: string, field: string, lists: Item): InboundEvent[] {
  const metadata = { display_phone_number: "79001234567", phone_number_id: phoneNumberId };
  const value = { messaging_product: "whatsapp", metadata, ...lists };
  const body = {
    object: "whatsapp_business_account",
    entry: [{ id: "123456789012345", changes: [{ field, value }] }],
  };
  return flatten(Uint8Array.from(new TextEncoder().encode(JSON.stringify(body))));
}

/** Meta's time: seconds, as text. */
export function now(): string {
  return String(Math.floor(Date.now() / 1000));
}

function aBody(): string {
  return "Good morning, please tell me when my order arrives, the parcel has not come yet";
}
