import type { MessageError } from "./message.ts";

/**
 * What Meta can tell us, in our words. One item of a webhook body is one event. Events cross an RPC, a spool and a
 * JSON parameter, so they hold plain data only: a moment is an RFC 3339 string.
 */
export type InboundEvent = InboundMessage | InboundStatus | InboundNotice;

/** Who is outside. Since 2026 the phone may be absent; at least one of `phone`, `userId`, `groupId` is there. */
export type Sighting = {
  /** Meta's `wa_id`, verbatim: a key, never "corrected". */
  phone: string | null;
  /** Meta's business-scoped user id (BSUID). */
  userId: string | null;
  /** A WhatsApp group: then it is the group that is the contact. */
  groupId: string | null;
  username: string | null;
  name: string | null;
};

/** What a message does to another: the row that it names by `refersTo` changes with it. */
export const amendments = ["reaction", "edit", "revoke"] as const;
export type Amendment = (typeof amendments)[number];

/** One item of `messages[]`, or an echo of what was written in the phone's own app (`fromMe`). */
export type InboundMessage = {
  kind: "message";
  phoneNumberId: string;
  wamid: string;
  fromMe: boolean;
  contact: Sighting;
  /** Meta's `type`, verbatim. */
  messageType: string;
  /** What a person would read; never empty, and free of what Postgres text refuses (U+0000, lone surrogates). */
  body: string;
  /** Meta's object, as JSON text: verbatim, also where it holds what `jsonb` refuses. */
  payload: string;
  /** The wamid that this one replies to, reacts to, edits or revokes. It may come later than this, or never. */
  refersTo: string | null;
  amends: Amendment | null;
  /** The emoji of a reaction; null when it takes the reaction back. */
  emoji: string | null;
  /** The new text of an edit. */
  newBody: string | null;
  /** Whether it starts the customer's 24 hours anew. */
  opensWindow: boolean;
  /** Meta's time. */
  at: string;
  /** Ours: when it came in, and when it went into the spool, if it did. */
  receivedAt?: string;
  spooledAt?: string;
  /** JSON text of a webhook body that holds this item alone: what is kept, and replayed, when it cannot be applied. */
  source: string;
};

/** One item of `statuses[]`. */
export type InboundStatus = {
  kind: "status";
  phoneNumberId: string;
  wamid: string;
  /** Meta's word, verbatim: unknown ones are kept and rank lowest. */
  status: string;
  /** In a group each participant reports for himself; otherwise empty. */
  participant: string;
  /** Our own tag of the send, `<epoch>.<message id>`, when Meta gave it back. */
  tag: string | null;
  /** The other side, for choosing a shard; a status creates no contact. */
  contact: Pick<Sighting, "phone" | "userId">;
  error: MessageError | null;
  payload: string;
  at: string;
  receivedAt?: string;
  spooledAt?: string;
  source: string;
};

/** Everything else: another field, an unknown shape, an item that could not be read. Kept raw, to be replayed. */
export type InboundNotice = {
  kind: "notice";
  phoneNumberId: string | null;
  wabaId: string | null;
  /** Meta's field name, or null where there is none to be found. */
  field: string | null;
  /** Why it was not applied, in a word; null when it is simply not ours to apply yet. */
  reason: UnreadReason | null;
  /** The bytes as base64 when they are no JSON text; otherwise null and `source` has all. */
  raw: string | null;
  source: string | null;
};

export const unreadReasons = [
  "not_json",
  "unknown_shape",
  "unreadable_item",
  "unknown_number",
  "refused_by_database",
] as const;
export type UnreadReason = (typeof unreadReasons)[number];
