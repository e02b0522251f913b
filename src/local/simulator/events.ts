import type { Faults } from "./faults.ts";
import type { Fields } from "./fields.ts";
import { statusError } from "./graph-errors.ts";
import type { PendingWebhook } from "./webhooks.ts";
import { type Customer, type PhoneMessage, type SimulatedPhone, unixSeconds, type World } from "./world.ts";

type Change = Omit<PendingWebhook, "id" | "attempts">;
type Reported = "sent" | "delivered" | "read";

/** Where what has happened comes from: the world, and the faults that hide phones. */
export type Scene = { world: World; faults: Faults };

/** The webhook of a message that a customer wrote. */
export function inboundChange(
  scene: Scene,
  phone: SimulatedPhone,
  customer: Customer,
  message: PhoneMessage,
): Change {
  const visible = showsPhone(scene, customer);
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
 * The webhook of one step of a message that the business sent. A step names the phone it was sent to (unless
 * it is hidden) and the customer's BSUID; `sent` does not tell the username; a failure tells the BSUID only
 * if it was sent to one, and has no contacts.
 */
export function statusChange(
  scene: Scene,
  phone: SimulatedPhone,
  customer: Customer,
  message: PhoneMessage,
  step: Reported | { failed: number },
  priced = false,
): Change {
  const visible = showsPhone(scene, customer);
  const failed = typeof step === "object";
  const status = {
    id: message.wamid,
    status: failed ? "failed" : step,
    timestamp: String(unixSeconds(scene.world.now())),
    ...(visible ? { recipient_id: customer.phone } : {}),
    ...(!failed || message.sentTo === "userId" ? { recipient_user_id: customer.userId } : {}),
    ...(message.callbackData === null ? {} : { biz_opaque_callback_data: message.callbackData }),
    ...(priced ? { pricing: pricingOf(message) } : {}),
    ...(failed ? { errors: [statusError(step.failed)] } : {}),
  };
  const contacts = failed ? {} : { contacts: [contact(customer, visible, step !== "sent")] };
  return change(phone, customer, "statuses", { ...contacts, statuses: [status] });
}

function change(
  phone: SimulatedPhone,
  customer: Customer,
  about: "messages" | "statuses",
  items: Fields,
): Change {
  const metadata = {
    display_phone_number: phone.displayPhoneNumber.replace(/\D/g, ""),
    phone_number_id: phone.id,
  };
  return {
    wabaId: phone.wabaId,
    field: "messages",
    value: { messaging_product: "whatsapp", metadata, ...items },
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

function showsPhone({ faults }: Scene, customer: Customer): boolean {
  return customer.phone !== null && customer.phoneVisible && !faults.take("noPhone");
}

/** A template is paid for, an answer within the 24 hours is not. */
function pricingOf(message: PhoneMessage): Fields {
  const template = message.type === "template";
  return {
    billable: template,
    pricing_model: "PMP",
    type: template ? "regular" : "free_customer_service",
    category: template ? "utility" : "service",
  };
}
