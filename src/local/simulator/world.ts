import { createHash } from "node:crypto";
import type { AppState, PhoneState, WabaState } from "./accounts.ts";
import type { Fields } from "./fields.ts";
import type { SimulatedFlow } from "./graph-flows.ts";
import type { SimulatedQrCode } from "./graph-phone-extras.ts";
import type { Journal } from "./journal.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Media } from "./media.ts";
import type { SimulatedTemplate } from "./templates.ts";
import type { TokenState } from "./tokens.ts";
import type { PendingWebhook } from "./webhooks.ts";

/** A business phone that Graph knows, see `accounts.ts` for its state. */
export type SimulatedPhone = {
  id: string;
  wabaId: string;
  /** As Meta shows it: `+7 900 123-45-67`. */
  displayPhoneNumber: string;
  verifiedName: string;
};

export type Customer = {
  /** The digits of the phone, or the BSUID if the customer was first seen by it. Never changes. */
  id: string;
  phone: string | null;
  /**
   * Other phone numbers that reach this customer: Brazil, Mexico and Argentina dial other digits than WhatsApp's id has. Data
   * files of earlier versions lack it.
   */
  dialled?: string[];
  userId: string;
  username: string | null;
  name: string;
  /** Whether webhooks carry the phone (`wa_id`, `from`, `recipient_id`). */
  phoneVisible: boolean;
  /** Whether the chat is open on the phone, so that messages are read on arrival. */
  reads: boolean;
  /** When the customer last opened the customer service window, in unix seconds, by phone number id. */
  wroteAt: Record<string, number>;
  /** How long the phone shows that the business is typing. */
  typing: { phoneNumberId: string; until: string } | null;
};

/** A message on the customer's phone, or an accepted one that will never arrive (`failure`). */
export type PhoneMessage = {
  wamid: string;
  customerId: string;
  phoneNumberId: string;
  from: "customer" | "business";
  type: string;
  /** Meta's object without sender, time and id: `{type, text: {…}, context?}`. */
  content: Fields;
  /** From the customer: `sent`, then `read` once the business marks it so. From the business: Meta's statuses. */
  status: "accepted" | "sent" | "delivered" | "read" | "failed";
  /** Unix seconds. */
  timestamp: number;
  sentTo: "phone" | "userId";
  callbackData: string | null;
  failure: number | null;
};

export type Records = {
  customer: Customer;
  message: PhoneMessage;
  webhook: PendingWebhook;
  request: LedgerEntry;
  media: Media;
  template: SimulatedTemplate;
  /** By phone number id. */
  profile: { profile: Fields };
  /** Customers whose messages a phone does not receive. */
  blocked: { phoneNumberId: string; customerId: string };
  flow: SimulatedFlow;
  qrCode: SimulatedQrCode;
  /** By phone number id. */
  phone: PhoneState;
  /** By WABA id. */
  waba: WabaState;
  /** By the token's hash, see `tokens.ts`. */
  token: TokenState;
  /** The one app, under `APP_ID`. */
  app: AppState;
};

export type World = {
  journal: Journal<Records>;
  /** Those of the start; `allPhones` of `accounts.ts` has the present ones. */
  phones: SimulatedPhone[];
  /** The app's secret and callback URL at the start; `accounts.ts` has those of now. */
  appSecret: string;
  webhookUrl: () => string | null;
  now: () => Date;
};

export const defaultPhones: SimulatedPhone[] = [
  {
    id: "987654321098765",
    wabaId: "123456789012345",
    displayPhoneNumber: "+7 900 123-45-67",
    verifiedName: "WhatsApp Business Official",
  },
  {
    id: "987654321098799",
    wabaId: "123456789012345",
    displayPhoneNumber: "+7 900 765-43-21",
    verifiedName: "Second Number",
  },
];

/** A business-scoped user id: a country, a dot, letters and digits. */
export const BSUID = /^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/;
const PHONE = /^\d{5,17}$/;

/** The customer key of a phone (in any usual format) or a BSUID; null for anything else. */
export function customerKey(phoneOrUserId: string): string | null {
  if (BSUID.test(phoneOrUserId)) return phoneOrUserId;
  const digits = phoneOrUserId.replace(/[\s()+.-]/g, "");
  return PHONE.test(digits) ? digits : null;
}

/** Finds a customer by phone, also as it is dialled, or by BSUID. */
export function findCustomer(world: World, key: string): Customer | null {
  return (
    world.journal.get("customer", key) ??
    world.journal.all("customer").find(({ userId, dialled }) => userId === key || dialled?.includes(key)) ??
    null
  );
}

/** A new customer reads messages on arrival and shows the phone number. */
export function findOrCreateCustomer(world: World, key: string): Customer {
  return findCustomer(world, key) ?? saveCustomer(world, newCustomer(key));
}

export function saveCustomer(world: World, customer: Customer): Customer {
  world.journal.put("customer", customer.id, customer);
  return customer;
}

export function saveMessage(world: World, message: PhoneMessage): PhoneMessage {
  world.journal.put("message", message.wamid, message);
  return message;
}

/** The messages between a customer and all business phones, or one of them, oldest first. */
export function messagesWith(world: World, customer: Customer, phoneNumberId?: string): PhoneMessage[] {
  return world.journal
    .all("message")
    .filter((message) => message.customerId === customer.id)
    .filter((message) => !phoneNumberId || message.phoneNumberId === phoneNumberId);
}

export function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

function newCustomer(key: string): Customer {
  const phone = BSUID.test(key) ? null : key;
  return {
    id: key,
    phone,
    dialled: [],
    userId: phone ? userIdOf(phone) : key,
    username: null,
    name: `Customer ${key.slice(-4)}`,
    phoneVisible: phone !== null,
    reads: true,
    wroteAt: {},
    typing: null,
  };
}

/** Derives 17 digits from the phone, which stay the same after a reset and do not reveal it. */
function userIdOf(phone: string): string {
  const digest = createHash("sha256").update(phone).digest();
  return `US.${(digest.readBigUInt64BE() % 10n ** 17n).toString().padStart(17, "1")}`;
}
