import { findPhone } from "./accounts.ts";
import { type EventContext, statusChange } from "./events.ts";
import { at, type Fields, isFields } from "./fields.ts";
import { GraphRefusal } from "./graph-errors.ts";
import { findMedia, mediaTypes } from "./media.ts";
import { checkSend, invalid, missing } from "./send-rules.ts";
import { checkTemplate } from "./templates.ts";
import { newWamid } from "./wamid.ts";
import type { Webhooks } from "./webhooks.ts";
import {
  BSUID,
  type Customer,
  customerKey,
  findCustomer,
  findOrCreateCustomer,
  messagesWith,
  type PhoneMessage,
  type SimulatedPhone,
  saveCustomer,
  saveMessage,
  unixSeconds,
} from "./world.ts";

/** What a call can read, change and trigger. */
export type Simulation = EventContext & { webhooks: Webhooks };

const WINDOW_S = 24 * 60 * 60;
const TYPING_MS = 25_000;

/**
 * Accepts a message of the business, or throws Meta's refusal. Refuses free text to a customer who never wrote to this
 * number. When the customer service window has closed, accepts the message, and `reportSend` reports it as failed.
 */
export function acceptSend(sim: Simulation, phone: SimulatedPhone, body: Fields): PhoneMessage {
  const { world, faults } = sim;
  checkSend(body);
  const { key, sentTo } = recipientOf(body);
  if (key === phone.displayPhoneNumber.replace(/\D/g, "")) throw new GraphRefusal(131021);
  const type = typeof body.type === "string" ? body.type : "text";
  checkReferences(sim, key, type, body);
  if (type === "template") checkTemplate(world, phone.wabaId, body);
  const now = unixSeconds(world.now());
  const wroteAt = findCustomer(world, key)?.wroteAt[phone.id];
  if (type !== "template" && wroteAt === undefined) {
    throw new GraphRefusal(
      131047,
      "The customer has not written to this number yet: only a template can be sent.",
    );
  }
  const windowClosed = type !== "template" && now - (wroteAt ?? 0) > WINDOW_S;
  const customer = findOrCreateCustomer(world, key);
  saveCustomer(world, { ...customer, typing: null });
  const { [type]: object, context } = body;
  return saveMessage(world, {
    wamid: newWamid(customer.phone ?? customer.userId),
    customerId: customer.id,
    phoneNumberId: phone.id,
    from: "business",
    type,
    content: { type, [type]: object, ...(context === undefined ? {} : { context }) },
    status: "accepted",
    timestamp: now,
    sentTo,
    callbackData: typeof body.biz_opaque_callback_data === "string" ? body.biz_opaque_callback_data : null,
    failure: windowClosed ? 131047 : (faults.consume("failed")?.code ?? null),
  });
}

/** Graph's response to an accepted message. It names the customer as the request did: by phone or by BSUID. */
export function sendResponse(sim: Simulation, message: PhoneMessage, body: Fields): Fields {
  const customer = findOrCreateCustomer(sim.world, message.customerId);
  const contact =
    message.sentTo === "phone"
      ? { input: body.to, wa_id: customer.phone }
      : { input: body.recipient, user_id: customer.userId };
  const { as: message_status } =
    sim.faults.consume(
      "messageStatus",
      ({ phoneNumberId = message.phoneNumberId }) => phoneNumberId === message.phoneNumberId,
    ) ?? {};
  const sent = { id: message.wamid, ...(message_status && { message_status }) };
  return { messaging_product: "whatsapp", contacts: [contact], messages: [sent] };
}

/**
 * Delivers an accepted message to the phone and reports each status. Does nothing for a message that was reported before.
 */
export async function reportSend(sim: Simulation, wamid: string): Promise<void> {
  const message = sim.world.journal.get("message", wamid);
  const phone = findPhone(sim.world, message?.phoneNumberId);
  if (!message || !phone || message.status !== "accepted") return;
  const customer = findOrCreateCustomer(sim.world, message.customerId);
  if (message.failure !== null) {
    saveMessage(sim.world, { ...message, status: "failed" });
    return sim.webhooks.deliver([statusChange(sim, phone, customer, message, { failed: message.failure })]);
  }
  const skipped = customer.reads && sim.faults.consume("skipDelivered");
  const steps = [
    "sent" as const,
    skipped ? null : ("delivered" as const),
    customer.reads ? ("read" as const) : null,
  ];
  const reported = steps.filter((step) => step !== null);
  saveMessage(sim.world, { ...message, status: customer.reads ? "read" : "delivered" });
  // Only the first of delivered and read carries the price.
  const changes = reported.map((step, i) => statusChange(sim, phone, customer, message, step, i < 2));
  return sim.webhooks.deliver(sim.faults.consume("reverseStatuses") ? changes.reverse() : changes);
}

/** The customer opens the chat: reports `read` for every delivered message. */
export async function readByCustomer(
  sim: Simulation,
  customer: Customer,
  phoneNumberId?: string,
): Promise<void> {
  const unread = messagesWith(sim.world, customer, phoneNumberId).filter(
    ({ status }) => status === "delivered",
  );
  const changes = unread.flatMap((message) => {
    saveMessage(sim.world, { ...message, status: "read" });
    const phone = findPhone(sim.world, message.phoneNumberId);
    return phone ? [statusChange(sim, phone, customer, message, "read")] : [];
  });
  await sim.webhooks.deliver(changes);
}

/**
 * Marks a customer's message and all earlier ones as read by the business, and shows the typing indicator if requested.
 */
export function markReadByBusiness(sim: Simulation, phone: SimulatedPhone, body: Fields): void {
  const { world } = sim;
  if (body.messaging_product !== "whatsapp") throw missing("messaging_product");
  if (typeof body.message_id !== "string") throw missing("message_id");
  const message = world.journal.get("message", body.message_id);
  if (message?.phoneNumberId !== phone.id || message.from !== "customer") {
    throw new GraphRefusal(131009, "There is no such message from a customer of this number.");
  }
  const { typing_indicator: typing } = body;
  if (typing !== undefined && at(typing, "type") !== "text")
    throw invalid("typing_indicator.type", "it must be text");
  const customer = findOrCreateCustomer(world, message.customerId);
  const chat = messagesWith(world, customer, phone.id).filter(({ from }) => from === "customer");
  for (const earlier of chat.slice(0, 1 + chat.findIndex(({ wamid }) => wamid === message.wamid))) {
    if (earlier.status !== "read") saveMessage(world, { ...earlier, status: "read" });
  }
  if (typing === undefined) return;
  const until = new Date(world.now().getTime() + TYPING_MS).toISOString();
  saveCustomer(world, { ...customer, typing: { phoneNumberId: phone.id, until } });
}

/** `to` has precedence over `recipient`. */
function recipientOf(body: Fields): { key: string; sentTo: PhoneMessage["sentTo"] } {
  if (body.to !== undefined) {
    const key = ["string", "number"].includes(typeof body.to) ? customerKey(String(body.to)) : null;
    if (!key || BSUID.test(key)) throw invalid("to", "it must be a phone number");
    return { key, sentTo: "phone" };
  }
  if (body.recipient === undefined) throw missing("to");
  if (typeof body.recipient !== "string" || !BSUID.test(body.recipient)) {
    throw invalid("recipient", "it must be a business-scoped user id");
  }
  return { key: body.recipient, sentTo: "userId" };
}

/** The media of a message and the message of a reaction must exist. */
function checkReferences({ world }: Simulation, key: string, type: string, body: Fields): void {
  const object = isFields(body[type]) ? body[type] : {};
  if (mediaTypes.includes(type) && typeof object.id === "string" && !findMedia(world, object.id)) {
    throw invalid(`${type}.id`, "there is no such media");
  }
  if (type !== "reaction") return;
  const target = world.journal.get("message", String(object.message_id));
  if (!target || target.customerId !== findCustomer(world, key)?.id) {
    throw new GraphRefusal(131009, "There is no such message to react to.");
  }
}
