import type { Simulation } from "./business.ts";
import { echoChange } from "./events.ts";
import { BadInput, type Fields, isFields } from "./fields.ts";
import { newWamid } from "./wamid.ts";
import { type Customer, type PhoneMessage, type SimulatedPhone, saveMessage, unixSeconds } from "./world.ts";

/**
 * The business writes a text from its own WhatsApp Business app: the customer's phone shows it as read, and Meta echoes it. `timestamp`,
 * in unix seconds, may be in the past. Throws `BadInput`.
 */
export function echoText(
  sim: Simulation,
  customer: Customer,
  phone: SimulatedPhone,
  { text, timestamp = unixSeconds(sim.world.now()), ...rest }: Fields,
): PhoneMessage {
  for (const key of Object.keys(rest)) throw new BadInput(key, "is unknown; allowed are text and timestamp");
  if (!isFields(text) || typeof text.body !== "string") throw new BadInput("text.body", "must be text");
  if (!Number.isInteger(timestamp)) throw new BadInput("timestamp", "must be unix seconds");
  const message = saveMessage(sim.world, {
    wamid: newWamid(customer.phone ?? customer.userId),
    customerId: customer.id,
    phoneNumberId: phone.id,
    from: "business",
    type: "text",
    content: { type: "text", text: { body: text.body } },
    status: "read",
    timestamp: Number(timestamp),
    sentTo: customer.phone === null ? "userId" : "phone",
    callbackData: null,
    failure: null,
  });
  void sim.webhooks.deliver([echoChange(phone, customer, message)]);
  return message;
}
