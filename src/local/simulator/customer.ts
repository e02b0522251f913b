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

/** Types that have no object under their name. */
const TYPES_WITHOUT_OBJECT = ["request_welcome", "unsupported", "unknown"];
/** Types that do not open the customer service window. */
const TYPES_WITHOUT_WINDOW = ["reaction", "edit", "revoke", "system"];

/**
 * The customer writes to a business phone: saves the message, sends its webhook, and marks earlier messages of the business
 * as read. `body` is Meta's message object without sender and id; it may set a `timestamp` in the past. Throws `BadInput`.
 */
export function writeAsCustomer(
  sim: Simulation,
  customer: Customer,
  phone: SimulatedPhone,
  body: Fields,
): PhoneMessage {
  const { timestamp: given, ...content } = body;
  checkMessage(content);
  const timestamp = given === undefined ? unixSeconds(sim.world.now()) : parseTimestamp(given);
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
  const writer = TYPES_WITHOUT_WINDOW.includes(message.type)
    ? customer
    : wroteAt(customer, phone.id, timestamp);
  saveCustomer(sim.world, writer);
  void readByCustomer(sim, writer, phone.id);
  // A blocked customer does not notice it.
  if (sim.world.journal.get("blocked", `${phone.id} ${customer.id}`)) return message;
  void sim.webhooks.deliver([inboundChange(sim, phone, writer, message)]);
  return message;
}

/**
 * Changes a customer's settings. Throws `BadInput` for an unknown setting or a wrong value.
 */
export function adjustCustomer(sim: Simulation, customer: Customer, settings: Fields): Customer {
  for (const [key, value] of Object.entries(settings)) checkSetting(customer, key, value);
  if (
    typeof settings.userId === "string" &&
    (findCustomer(sim.world, settings.userId) ?? customer).id !== customer.id
  ) {
    throw new BadInput("userId", "belongs to another customer");
  }
  // `checkSetting` has checked each key and the type of its value.
  const adjusted = saveCustomer(sim.world, { ...customer, ...(settings as Partial<Customer>) });
  if (settings.reads === true) void readByCustomer(sim, adjusted);
  return adjusted;
}

/** The messages that the phone shows; failed ones never arrived. */
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
    if (content[name] !== undefined) throw new BadInput(name, "is set by the simulator");
  }
  const object = content[type];
  if (object === undefined && !TYPES_WITHOUT_OBJECT.includes(type))
    throw new BadInput(type, "must be the content of the message");
  if (object !== undefined && !isFields(object) && type !== "contacts")
    throw new BadInput(type, "must be an object");
  if (type === "text" && (!isFields(object) || typeof object.body !== "string")) {
    throw new BadInput("text.body", "must be text");
  }
}

/** Parses unix seconds (number or digits) or an RFC 3339 time; returns unix seconds. */
function parseTimestamp(value: unknown): number {
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
      if (value && customer.phone === null)
        throw new BadInput(key, "must be false: this customer has no phone number");
      return;
    case "name":
      if (typeof value !== "string" || value === "") throw new BadInput(key, "must be a name");
      return;
    case "dialled":
      if (!Array.isArray(value) || !value.every((number) => /^\d{5,17}$/.test(String(number))))
        throw new BadInput(key, "must be a list of phone numbers, digits only");
      return;
    case "username":
      if (value !== null && typeof value !== "string") throw new BadInput(key, "must be text or null");
      return;
    case "userId":
      if (typeof value !== "string" || !BSUID.test(value))
        throw new BadInput(key, "must be a BSUID such as US.1234");
      return;
    default:
      throw new BadInput(key, "is unknown; allowed are reads, name, phoneVisible, userId, username, dialled");
  }
}
