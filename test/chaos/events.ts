import type { Chance } from "./random.ts";
import { PHONES } from "./system.ts";

const CUSTOMERS_PER_PHONE = 20;

/** One of our numbers with one customer, and what the generator has said in it so far. */
export type Line = {
  organizationId: number;
  organizationPhoneId: number;
  phoneNumberId: string;
  wabaId: string;
  customer: string;
  said: { wamid: string; fromMe: boolean }[];
};

/** What Meta could tell, once: `key` is what it is known by, however often it is delivered. */
export type Event = {
  key: string;
  line: Line;
  field: "messages" | "smb_message_echoes";
  value: Record<string, unknown>;
};

export function lines(customersPerPhone = CUSTOMERS_PER_PHONE): Line[] {
  return PHONES.flatMap(({ id, organizationId, phoneNumberId, wabaId }) =>
    Array.from({ length: customersPerPhone }, (_, i) => ({
      organizationId,
      organizationPhoneId: id,
      phoneNumberId,
      wabaId,
      customer: `79160${id}${String(i).padStart(5, "0")}`,
      said: [],
    })),
  );
}

let counter = 0;

export function aText(line: Line, replyTo?: string): Event {
  const wamid = newWamid();
  line.said.push({ wamid, fromMe: false });
  const context = replyTo === undefined ? {} : { context: { id: replyTo } };
  const text = { type: "text", text: { body: `Words ${wamid}` }, ...context };
  return inbound(line, wamid, text);
}

/** Whatever may follow in a chat: a text, a reply, a reaction, an echo from the phone, a status of an echo. */
export function anEvent(line: Line, { next, pick }: Chance): Event {
  const kind = next();
  const echoes = line.said.filter(({ fromMe }) => fromMe);
  if (kind < 0.45 || line.said.length === 0) return aText(line);
  if (kind < 0.55) return aText(line, pick(line.said).wamid);
  if (kind < 0.7) return aReaction(line, pick(line.said).wamid, pick(["👍", "❤️", ""]));
  if (kind < 0.8 || echoes.length === 0) return anEcho(line);
  return aStatus(line, pick(echoes).wamid, pick(["sent", "delivered", "read"]));
}

/** A webhook body with these events, in this order. */
export function bodyOf(events: Event[]): string {
  const entry = events.map(({ line, field, value }) => ({ id: line.wabaId, changes: [{ field, value }] }));
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

function aReaction(line: Line, wamid: string, emoji: string): Event {
  return inbound(line, newWamid(), { type: "reaction", reaction: { message_id: wamid, emoji } });
}

function anEcho(line: Line): Event {
  const wamid = newWamid();
  line.said.push({ wamid, fromMe: true });
  const item = { to: line.customer, type: "text", text: { body: `From the phone ${wamid}` } };
  const value = {
    message_echoes: [{ from: `7900000000${line.organizationPhoneId}`, ...stamped(wamid), ...item }],
  };
  return event(line, `message ${line.phoneNumberId} ${wamid}`, "smb_message_echoes", value);
}

function aStatus(line: Line, wamid: string, status: string): Event {
  const value = { statuses: [{ ...stamped(wamid), status, recipient_id: line.customer }] };
  return event(line, `status ${line.phoneNumberId} ${wamid} ${status}`, "messages", value);
}

function inbound(line: Line, wamid: string, item: Record<string, unknown>): Event {
  const contacts = [{ profile: { name: "A customer" }, wa_id: line.customer }];
  const value = { contacts, messages: [{ from: line.customer, ...stamped(wamid), ...item }] };
  return event(line, `message ${line.phoneNumberId} ${wamid}`, "messages", value);
}

function event(line: Line, key: string, field: Event["field"], value: Record<string, unknown>): Event {
  const metadata = {
    display_phone_number: `7900000000${line.organizationPhoneId}`,
    phone_number_id: line.phoneNumberId,
  };
  return { key, line, field, value: { messaging_product: "whatsapp", metadata, ...value } };
}

function stamped(wamid: string) {
  return { id: wamid, timestamp: String(Math.floor(Date.now() / 1000)) };
}

function newWamid(): string {
  counter += 1;
  return `wamid.chaos${counter}`;
}
