import type { Faults } from "./faults.ts";
import type { Fields } from "./fields.ts";
import { statusError } from "./graph-errors.ts";
import type { PendingWebhook } from "./webhooks.ts";
import { type Customer, type PhoneMessage, type SimulatedPhone, unixSeconds, type World } from "./world.ts";

type Change = Omit<PendingWebhook, "id" | "attempts">;
type Reported = "sent" | "delivered" | "read";

/** What a webhook's content depends on: the state, and the fault that hides phone numbers. */
export type EventContext = { world: World; faults: Faults };

/** The webhook of a message that a customer wrote. */
export function inboundChange(
  context: EventContext,
  phone: SimulatedPhone,
  customer: Customer,
  message: PhoneMessage,
): Change {
  const visible = showsPhone(context, customer);
  const { wamid: id, timestamp, content } = message;
  return change(phone, customer, "messages", {
    contacts: [contact(customer, visible, true)],
    messages: [
      {
        ...(visible ? { from: customer.phone } : {}),
        from_user_id: customer.userId,
        id,
        timestamp: String(timestamp),
        ...content,
      },
    ],
  });
}

/**
 * The webhook of one status of a message that the business sent. It contains the customer's phone (unless hidden) and BSUID.
 * `sent` omits the username. `failed` omits the contacts, and the BSUID unless the message was sent to it.
 */
export function statusChange(
  context: EventContext,
  phone: SimulatedPhone,
  customer: Customer,
  message: PhoneMessage,
  step: Reported | { failed: number },
  priced = false,
): Change {
  const visible = showsPhone(context, customer);
  const failed = typeof step === "object";
  const status = {
    id: message.wamid,
    status: failed ? "failed" : step,
    timestamp: String(unixSeconds(context.world.now())),
    ...(visible ? { recipient_id: customer.phone } : {}),
    ...(!failed || message.sentTo === "userId" ? { recipient_user_id: customer.userId } : {}),
    ...(message.callbackData === null ? {} : { biz_opaque_callback_data: message.callbackData }),
    ...(priced ? { pricing: pricingOf(message) } : {}),
    ...(failed ? { errors: [statusError(step.failed)] } : {}),
  };
  const contacts = failed ? {} : { contacts: [contact(customer, visible, step !== "sent")] };
  return change(phone, customer, "statuses", { ...contacts, statuses: [status] });
}

/** The webhook of a message that the business wrote in its own WhatsApp Business app. */
export function echoChange(phone: SimulatedPhone, customer: Customer, message: PhoneMessage): Change {
  const { wamid: id, timestamp, content } = message;
  const to = customer.phone === null ? {} : { to: customer.phone };
  const echo = {
    from: phoneMetadata(phone).display_phone_number,
    ...to,
    to_user_id: customer.userId,
    id,
    timestamp: String(timestamp),
    ...content,
  };
  const echoed = change(phone, customer, "messages", { message_echoes: [echo] });
  return { ...echoed, field: "smb_message_echoes" };
}

/** The `metadata` of every event of a phone. */
export function phoneMetadata({ id, displayPhoneNumber }: SimulatedPhone) {
  return { display_phone_number: displayPhoneNumber.replace(/\D/g, ""), phone_number_id: id };
}

function change(
  phone: SimulatedPhone,
  customer: Customer,
  about: "messages" | "statuses",
  items: Fields,
): Change {
  return {
    wabaId: phone.wabaId,
    field: "messages",
    value: { messaging_product: "whatsapp", metadata: phoneMetadata(phone), ...items },
    about,
    lane: `${phone.id} ${customer.id}`,
  };
}

function contact(customer: Customer, visible: boolean, withUsername: boolean): Fields {
  const username = withUsername && customer.username ? { username: customer.username } : {};
  return {
    profile: { name: customer.name, ...username },
    ...(visible ? { wa_id: customer.phone } : {}),
    user_id: customer.userId,
  };
}

function showsPhone({ faults }: EventContext, customer: Customer): boolean {
  return customer.phone !== null && customer.phoneVisible && !faults.consume("noPhone");
}

/** A template is billed; free text within the customer service window is not. */
function pricingOf(message: PhoneMessage): Fields {
  const template = message.type === "template";
  return {
    billable: template,
    pricing_model: "PMP",
    type: template ? "regular" : "free_customer_service",
    category: template ? "utility" : "service",
  };
}
