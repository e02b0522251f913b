import { readByCustomer, type Simulation } from "./business.ts";
import { inboundChange } from "./events.ts";
import { BadInput, type Fields, isFields } from "./fields.ts";
import { withMedia } from "./media.ts";
import { newWamid } from "./wamid.ts";
import {
  BSUID,
  type Customer,
  findCustomer,
  messagesWith,
  type PhoneMessage,
  type SimulatedPhone,
  saveCustomer,
  saveMessage,
  unixSeconds,
} from "./world.ts";

/** Types that come without an object under their name. */
const bare = ["request_welcome", "unsupported", "unknown"];
/** What does not start the 24 hours anew. */
const silent = ["reaction", "edit", "revoke", "system"];

/**
 * The customer writes to a business number: the message is on the phone, the webhook is on its way, and what
 * the business had sent before is read. `body` is Meta's message object; who, which and when are the
 * simulator's to say, but for an optional `timestamp` in the past. Throws `BadInput`.
 */
export function writeAsCustomer(
  sim: Simulation,
  customer: Customer,
  phone: SimulatedPhone,
  body: Fields,
): PhoneMessage {
  const { timestamp: given, ...content } = body;
  checkMessage(content);
  const timestamp = given === undefined ? unixSeconds(sim.world.now()) : parseMoment(given);
  const message = saveMessage(sim.world, {
    wamid: newWamid(customer.phone ?? customer.userId),
    customerId: customer.id,
    phoneNumberId: phone.id,
    from: "customer",
    type: String(content.type),
    content: withMedia(sim.world, content),
    status: "sent",
    timestamp,
    sentTo: "phone",
    callbackData: null,
    failure: null,
  });
  const writer = silent.includes(message.type) ? customer : wroteAt(customer, phone.id, timestamp);
  saveCustomer(sim.world, writer);
  void readByCustomer(sim, writer, phone.id);
  // Who is blocked is not told so.
  if (sim.world.journal.get("blocked", `${phone.id} ${customer.id}`)) return message;
  void sim.webhooks.deliver([inboundChange(sim, phone, writer, message)]);
  return message;
}

/**
 * Changes what is known of a customer; throws `BadInput` for a setting that does not exist or does not fit.
 */
export function adjustCustomer(sim: Simulation, customer: Customer, settings: Fields): Customer {
  for (const [key, value] of Object.entries(settings)) checkSetting(customer, key, value);
  if (
    typeof settings.userId === "string" &&
    (findCustomer(sim.world, settings.userId) ?? customer).id !== customer.id
  ) {
    throw new BadInput("userId", "belongs to another customer");
  }
  // `checkSetting` has just looked at each key and the type of its value.
  const adjusted = saveCustomer(sim.world, { ...customer, ...(settings as Partial<Customer>) });
  if (settings.reads === true) void readByCustomer(sim, adjusted);
  return adjusted;
}

/** What the phone shows: a message that failed never got there. */
export function shownMessages(sim: Simulation, customer: Customer, phoneNumberId?: string): Fields[] {
  return messagesWith(sim.world, customer, phoneNumberId)
    .filter((message) => message.failure === null)
    .map((message) => ({
      wamid: message.wamid,
      from: message.from,
      ...message.content,
      status: message.status,
      timestamp: message.timestamp,
      phoneNumberId: message.phoneNumberId,
    }));
}

function wroteAt(customer: Customer, phoneNumberId: string, timestamp: number): Customer {
  const latest = Math.max(timestamp, customer.wroteAt[phoneNumberId] ?? 0);
  return { ...customer, wroteAt: { ...customer.wroteAt, [phoneNumberId]: latest } };
}

function checkMessage(content: Fields): void {
  const { type } = content;
  if (typeof type !== "string" || type === "") throw new BadInput("type", "must be the type of the message");
  for (const name of ["id", "from", "from_user_id"]) {
    if (content[name] !== undefined) throw new BadInput(name, "is filled in by the simulator");
  }
  const object = content[type];
  if (object === undefined && !bare.includes(type))
    throw new BadInput(type, "must hold what the message says");
  if (object !== undefined && !isFields(object) && type !== "contacts")
    throw new BadInput(type, "must be an object");
  if (type === "text" && (!isFields(object) || typeof object.body !== "string")) {
    throw new BadInput("text.body", "must be text");
  }
}

/** Unix seconds (number or digits), or an RFC 3339 time. */
function parseMoment(value: unknown): number {
  const seconds = /^\d{1,12}$/.test(String(value)) ? Number(value) : Date.parse(String(value)) / 1000;
  if (!Number.isFinite(seconds)) throw new BadInput("timestamp", "must be unix seconds or an RFC 3339 time");
  return Math.floor(seconds);
}

function checkSetting(customer: Customer, key: string, value: unknown): void {
  switch (key) {
    case "reads":
      if (typeof value !== "boolean") throw new BadInput(key, "must be true or false");
      return;
    case "phoneVisible":
      if (typeof value !== "boolean") throw new BadInput(key, "must be true or false");
      if (value && customer.phone === null) throw new BadInput(key, "this customer has no phone number here");
      return;
    case "name":
      if (typeof value !== "string" || value === "") throw new BadInput(key, "must be a name");
      return;
    case "username":
      if (value !== null && typeof value !== "string") throw new BadInput(key, "must be text or null");
      return;
    case "userId":
      if (typeof value !== "string" || !BSUID.test(value))
        throw new BadInput(key, "must be a BSUID such as US.1234");
      return;
    default:
      throw new BadInput(key, "is not known; there are reads, name, phoneVisible, userId, username");
  }
}
