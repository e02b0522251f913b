import type { Chance } from "./random.ts";
import { PHONES } from "./system.ts";

const CUSTOMERS_PER_PHONE = 20;

/** A chat of one of our phones with one customer. */
export type TestChat = {
  organizationId: number;
  organizationPhoneId: number;
  phoneNumberId: string;
  wabaId: string;
  customer: string;
  /** The texts and echoes that the generator has created so far. */
  messages: { wamid: string; fromMe: boolean }[];
};

/** One event of Meta. */
export type Event = {
  /** Identifies the event, however often it is delivered. */
  key: string;
  chat: TestChat;
  field: "messages" | "smb_message_echoes";
  value: Record<string, unknown>;
};

export function makeTestChats(customersPerPhone = CUSTOMERS_PER_PHONE): TestChat[] {
  return PHONES.flatMap(({ id, organizationId, phoneNumberId, wabaId }) =>
    Array.from({ length: customersPerPhone }, (_, i) => ({
      organizationId,
      organizationPhoneId: id,
      phoneNumberId,
      wabaId,
      customer: `79160${id}${String(i).padStart(5, "0")}`,
      messages: [],
    })),
  );
}

let counter = 0;

export function aText(chat: TestChat, replyTo?: string): Event {
  const wamid = newWamid();
  chat.messages.push({ wamid, fromMe: false });
  const context = replyTo === undefined ? {} : { context: { id: replyTo } };
  const text = { type: "text", text: { body: `Text ${wamid}` }, ...context };
  return inbound(chat, wamid, text);
}

/** A random event of a chat: a text, a reply, a reaction, an echo from the phone, or a status of an echo. */
export function anEvent(chat: TestChat, { next, pick }: Chance): Event {
  const kind = next();
  const echoes = chat.messages.filter(({ fromMe }) => fromMe);
  if (kind < 0.45 || chat.messages.length === 0) return aText(chat);
  if (kind < 0.55) return aText(chat, pick(chat.messages).wamid);
  if (kind < 0.7) return aReaction(chat, pick(chat.messages).wamid, pick(["👍", "❤️", ""]));
  if (kind < 0.8 || echoes.length === 0) return anEcho(chat);
  return aStatus(chat, pick(echoes).wamid, pick(["sent", "delivered", "read"]));
}

/** A webhook body that contains these events in order. */
export function bodyOf(events: Event[]): string {
  const entry = events.map(({ chat, field, value }) => ({ id: chat.wabaId, changes: [{ field, value }] }));
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

function aReaction(chat: TestChat, wamid: string, emoji: string): Event {
  return inbound(chat, newWamid(), { type: "reaction", reaction: { message_id: wamid, emoji } });
}

function anEcho(chat: TestChat): Event {
  const wamid = newWamid();
  chat.messages.push({ wamid, fromMe: true });
  const item = { to: chat.customer, type: "text", text: { body: `From the phone ${wamid}` } };
  const value = {
    message_echoes: [{ from: `7900000000${chat.organizationPhoneId}`, ...idAndTime(wamid), ...item }],
  };
  return event(chat, `message ${chat.phoneNumberId} ${wamid}`, "smb_message_echoes", value);
}

function aStatus(chat: TestChat, wamid: string, status: string): Event {
  const value = { statuses: [{ ...idAndTime(wamid), status, recipient_id: chat.customer }] };
  return event(chat, `status ${chat.phoneNumberId} ${wamid} ${status}`, "messages", value);
}

function inbound(chat: TestChat, wamid: string, item: Record<string, unknown>): Event {
  const contacts = [{ profile: { name: "A customer" }, wa_id: chat.customer }];
  const value = { contacts, messages: [{ from: chat.customer, ...idAndTime(wamid), ...item }] };
  return event(chat, `message ${chat.phoneNumberId} ${wamid}`, "messages", value);
}

function event(chat: TestChat, key: string, field: Event["field"], value: Record<string, unknown>): Event {
  const metadata = {
    display_phone_number: `7900000000${chat.organizationPhoneId}`,
    phone_number_id: chat.phoneNumberId,
  };
  return { key, chat, field, value: { messaging_product: "whatsapp", metadata, ...value } };
}

function idAndTime(wamid: string) {
  return { id: wamid, timestamp: String(Math.floor(Date.now() / 1000)) };
}

function newWamid(): string {
  counter += 1;
  return `wamid.chaos${counter}`;
}
