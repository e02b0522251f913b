import type { DeliveryStatus } from "./delivery-status.ts";
import type { ContactName, IdentityChange } from "./identity-change.ts";
import type { MessageError } from "./message.ts";
import type { ParsedNotice } from "./parsed-notice.ts";
import type { Payment } from "./payment.ts";

/**
 * What Meta can send us, in our types. One item of a webhook body is one event. Events cross an RPC, a spool and a
 * JSON parameter, so they hold plain data only: a moment is an RFC 3339 string.
 */
export type InboundEvent = InboundMessage | InboundStatus | InboundNotice;

// `displayPhoneNumber`: the digits that Meta shows for `phoneNumberId`. Notices may name a number by them alone.

/** The contact as Meta names them. Since 2026 the phone may be absent; at least one of `phone`, `userId`, `groupId` is there. */
export type Sighting = {
  /** Meta's `wa_id`, verbatim: a key, never "corrected". */
  phone: string | null;
  /** Meta's business-scoped user id (BSUID). */
  userId: string | null;
  /** Of a managed business: one id over all its portfolios. */
  parentUserId?: string;
  /** A WhatsApp group: then it is the group that is the contact. */
  groupId: string | null;
  username: string | null;
  name: string | null;
};

/**
 * How a message changes another, which it names by `refersTo`. A `call` gives the state of a call. An `echo` is another row's message
 * once more: Meta reported what we had sent before it answered, and before we knew which message that is.
 */
export const amendments = ["reaction", "edit", "revoke", "call", "echo"] as const;
export type Amendment = (typeof amendments)[number];

/**
 * One item of `messages[]`; an echo of what was written in the phone's own app (`fromMe`); one of its old messages
 * (`isHistory`); or an event of a call, whose row has the call's id (`refersTo`).
 */
export type InboundMessage = {
  kind: "message";
  phoneNumberId: string;
  displayPhoneNumber?: string;
  wamid: string;
  fromMe: boolean;
  contact: Sighting;
  /** Meta's `type`, verbatim. */
  messageType: string;
  /** What a person would read; never empty, and free of what Postgres text refuses (U+0000, lone surrogates). */
  body: string;
  /** Meta's object, as JSON text: verbatim, also where it holds what `jsonb` refuses. */
  payload: string;
  /** JSON text of its `MessageContent`. Like the next four it is missing from what was spooled before there was any. */
  content?: string;
  /** In a group: who of it wrote, by user id, or else by phone. */
  sender?: string;
  /** The same member, with all that Meta names of them. */
  member?: Omit<Sighting, "groupId" | "username">;
  /** Its file at Meta. */
  media?: MediaReference;
  /** Imported: it is never unread and not published. `status` is how far it was delivered, if we sent it. */
  isHistory?: boolean;
  status?: DeliveryStatus;
  /** The wamid that this one replies to, reacts to, edits or revokes. It may come later than this, or never. */
  refersTo: string | null;
  amends: Amendment | null;
  /** The emoji of a reaction; null when it takes the reaction back. */
  emoji: string | null;
  /** The new text of an edit, or of a call; null for a file of a call. */
  newBody: string | null;
  /** Whether it opens the customer service window. */
  opensServiceWindow: boolean;
  /** That the person goes on under another number or user id. */
  identityChange?: IdentityChange;
  /** Meta's time. */
  at: string;
  /** Ours: when it came in, and when it went into the spool, if it did. */
  receivedAt?: string;
  spooledAt?: string;
  envelope: Envelope;
};

/**
 * JSON text of a webhook body that holds one item alone: what stands before the item's `payload`, and what after. With the
 * payload between them it is what is stored, and replayed, when the item cannot be applied.
 */
export type Envelope = { before: string; after: string };

export type MediaReference = {
  metaId: string;
  mimeType: string | null;
  fileName: string | null;
  sha256: string | null;
};

/** One item of `statuses[]`. */
export type InboundStatus = {
  kind: "status";
  phoneNumberId: string;
  displayPhoneNumber?: string;
  wamid: string;
  /** Meta's status, verbatim, or `payment.` and that of a payment: unknown ones are stored and rank lowest. */
  status: string;
  /** The participant of a group, since each has a status; of a payment its transaction and time; otherwise empty. */
  participant: string;
  /** Our own tag of the send, `<epoch>.<message id>`, when Meta gave it back. */
  tag: string | null;
  /** The recipient as Meta names them; nobody in a group. A status creates no contact. */
  contact: Pick<Sighting, "phone" | "userId">;
  error: MessageError | null;
  /** All of Meta's errors, the first of which is `error`. */
  errors: MessageError[];
  price: Price | null;
  conversation: StatusConversation | null;
  /** Absent in events that an earlier version of the Worker has spooled: it did not read payments. */
  payment?: Payment | null;
  payload: string;
  at: string;
  receivedAt?: string;
  spooledAt?: string;
  envelope: Envelope;
};

/** What Meta charges for a message; sent once, with `sent` or with the first of `delivered` and `read`. */
export type Price = {
  billable: boolean | null;
  /** `PMP`: by message; before July 2025 `CBP`: by conversation. */
  model: string | null;
  /** `regular`, `free_customer_service` or `free_entry_point`. */
  type: string | null;
  /** `marketing`, `utility`, `service`, …. */
  category: string | null;
};

/** Meta's conversation, which is about billing: since 2025 only where a customer came from an advertisement. */
export type StatusConversation = {
  id: string | null;
  expiresAt: string | null;
  /** `referral_conversion`: the free hours after an advertisement. */
  origin: string | null;
};

/** Everything else: another field, an unknown shape, an item that could not be read. Kept raw, to be replayed. */
export type InboundNotice = {
  kind: "notice";
  phoneNumberId: string | null;
  displayPhoneNumber?: string;
  wabaId: string | null;
  /** Meta's field name, or null where there is none to be found. */
  field: string | null;
  /** Why it was not applied; null for what we do not apply yet. */
  reason: UnreadReason | null;
  /** What is applied of it; missing where that is nothing. */
  parsed?: ParsedNotice;
  /** The names of people and groups in it. */
  names?: ContactName[];
  /** What the chat shows of it. */
  message?: NoticeMessage;
  /** The bytes as base64 when they are no JSON text; otherwise null and `source` has all. */
  raw: string | null;
  source: string | null;
};

/** A message that a chat shows of a webhook that Meta does not send as one. */
export type NoticeMessage = Omit<InboundMessage, "kind" | "envelope">;

export const unreadReasons = [
  "not_json",
  "unknown_shape",
  "unreadable_item",
  "unknown_number",
  "unknown_account",
  "refused_by_database",
] as const;
export type UnreadReason = (typeof unreadReasons)[number];

/** JSON text of a webhook body that holds this event alone: reading it gives the event again. Null where `raw` has the bytes. */
export function sourceOf(event: InboundEvent): string | null {
  if (event.kind === "notice") return event.source;
  const { before, after } = event.envelope;
  return before + event.payload + after;
}
