import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { ChatEventName } from "../domain/chat-event.ts";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Amendment } from "../domain/inbound-event.ts";
import type { MessageError, Reaction } from "../domain/message.ts";
import type { Payment } from "../domain/payment.ts";
import { chats } from "./chat-tables.ts";
import { id, moment } from "./columns.ts";
import { media } from "./media-tables.ts";
import { agents, organizationPhones } from "./organization-tables.ts";

/** Every item of Meta's `messages[]`, every echo, and everything we send. Reactions, edits and revokes are rows too. */
export const messages = pgTable(
  "Message",
  {
    id: id(),
    organizationPhoneId: integer().notNull(),
    chatId: integer().notNull(),
    /** The number of the event that created it. */
    seq: integer().notNull(),
    wamid: text(),
    fromMe: boolean().notNull(),
    messageType: text().notNull(),
    body: text().notNull(),
    /** `json`, not `jsonb`: it stores Meta's text verbatim, with U+0000 and lone surrogates. */
    payload: json().notNull(),
    /** The same, parsed: typed data for display. */
    content: json().$type<Record<string, unknown>>(),
    /** In a group: the author, by user id or phone. */
    sender: text(),
    mediaId: integer().references(() => media.id),
    /** Imported from before the number was connected: it never counts as unread. */
    isHistory: boolean().notNull().default(false),
    status: text().$type<DeliveryStatus>(),
    /** Meta's `message_status` of a send that it accepted. */
    messageStatus: text(),
    error: jsonb().$type<MessageError>(),
    /** Of an order that we sent: how far it is paid. */
    payment: jsonb().$type<Payment>(),
    /** The wamid that this one replies to, reacts to, edits or revokes. That message may arrive later, or never. */
    refersTo: text(),
    amends: text().$type<Amendment>(),
    emoji: text(),
    newBody: text(),
    replyToMessageId: integer().references((): AnyPgColumn => messages.id),
    reactions: jsonb().notNull().default([]).$type<Reaction[]>(),
    editedAt: moment(),
    revokedAt: moment(),
    agentId: integer().references(() => agents.id),
    idempotencyKey: text(),
    /** SHA-256 of the request that came with the key: another body under the same key is refused. */
    fingerprint: text(),
    /** Which attempt may call Graph, and until when. */
    claimId: text(),
    leaseUntil: moment(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: moment(),
    createdAt: moment().notNull(),
    receivedAt: moment().notNull().defaultNow(),
    /** When it was stored in the spool; null for a message that was never spooled. */
    spooledAt: moment(),
    storedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    // Two business numbers may receive one wamid.
    uniqueIndex("Message_organizationPhoneId_wamid_key").on(t.organizationPhoneId, t.wamid),
    uniqueIndex("Message_agentId_idempotencyKey_key")
      .on(t.agentId, t.idempotencyKey)
      .where(sql`"idempotencyKey" is not null`),
    // In display order. Pages skip reactions and other amendments, of which a chat may have thousands in a row.
    index("Message_chatId_isShown_createdAt_seq_idx").on(
      t.chatId,
      sql`("amends" is null)`,
      t.createdAt,
      t.seq,
    ),
    // The customer's latest message, and whether they had written before: also in a chat with few messages of theirs.
    index("Message_chatId_inbound_idx")
      .on(t.chatId, t.createdAt, t.seq)
      .where(sql`not "fromMe" and "amends" is null`),
    index("Message_refersTo_organizationPhoneId_idx")
      .on(t.refersTo, t.organizationPhoneId)
      .where(sql`"refersTo" is not null`),
    // Deleting a message looks for its replies.
    index("Message_replyToMessageId_idx").on(t.replyToMessageId).where(sql`"replyToMessageId" is not null`),
    index("Message_mediaId_idx").on(t.mediaId).where(sql`"mediaId" is not null`),
    // By phone for the Sender. A query that names no phone, as `claim_message`, cannot prove the condition on it, so that
    // Postgres never reads this index whole, whatever its statistics say, where the one by chat answers.
    index("Message_unsettled_idx")
      .on(t.organizationPhoneId, t.id)
      .where(sql`status in ('queued', 'sending', 'unknown') and "organizationPhoneId" is not null`),
    index("Message_unsettled_chatId_idx")
      .on(t.chatId, t.id)
      .where(sql`status in ('queued', 'sending', 'unknown')`),
    index("Message_unconfirmed_idx").on(t.organizationPhoneId).where(sql`status = 'unconfirmed'`),
    foreignKey({
      name: "Message_chatId_organizationPhoneId_fk",
      columns: [t.chatId, t.organizationPhoneId],
      foreignColumns: [chats.id, chats.organizationPhoneId],
    }),
  ],
);

/**
 * The numbered log of every chat: one row per change. Its key guarantees that no number is used twice. No foreign keys: their checks
 * were two thirds of the cost of an event. Only SQL functions write it, under the chat's lock, which erasing a person takes as well.
 */
export const chatEvents = pgTable(
  "ChatEvent",
  {
    chatId: integer().notNull(),
    seq: integer().notNull(),
    event: text().notNull().$type<ChatEventName>(),
    messageId: integer(),
    /** The note that changed. */
    noteId: integer(),
    /** The agent who made the change; null when it came from Meta. */
    agentId: integer(),
    /** What changed, where the row alone does not show it. */
    data: jsonb().$type<Record<string, unknown>>(),
    createdAt: moment().notNull().defaultNow(),
    /** When it was first sent to an open socket; null until then. */
    publishedAt: moment(),
  },
  (t) => [
    primaryKey({ name: "ChatEvent_pkey", columns: [t.chatId, t.seq] }),
    index("ChatEvent_messageId_idx").on(t.messageId),
    index("ChatEvent_activity_idx").on(t.chatId, t.seq).where(sql`data ? 'activity'`),
  ],
);

/** Every status that Meta reported, with the earliest time it gave. A status may be stored before its message. */
export const messageStatuses = pgTable(
  "MessageStatus",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedByDefaultAsIdentity(),
    organizationPhoneId: integer()
      .notNull()
      .references(() => organizationPhones.id),
    wamid: text().notNull(),
    status: text().notNull(),
    /** In a group each participant has their own status, and each transaction of a payment; otherwise empty. */
    participant: text().notNull().default(""),
    messageId: integer().references(() => messages.id),
    /** The number of its event in the chat; null while the message is not known. */
    seq: integer(),
    error: jsonb().$type<MessageError>(),
    price: jsonb().$type<Record<string, unknown>>(),
    conversation: jsonb().$type<Record<string, unknown>>(),
    payment: jsonb().$type<Payment>(),
    payload: json().notNull(),
    /** Whom Meta reported as the recipient, while the message is not known. */
    recipientPhone: text(),
    recipientUserId: text(),
    happenedAt: moment().notNull(),
    receivedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("MessageStatus_organizationPhoneId_wamid_status_participant_key").on(
      t.organizationPhoneId,
      t.wamid,
      t.status,
      t.participant,
    ),
    index("MessageStatus_messageId_idx").on(t.messageId).where(sql`"messageId" is not null`),
    // Those that wait for their message, for erasing a person. A query that does not name `seq` cannot prove the condition on it,
    // so that Postgres never looks for one status among all that wait, whatever its statistics say.
    index("MessageStatus_waiting_idx")
      .on(t.organizationPhoneId, t.id)
      .where(sql`"messageId" is null and seq is null`),
  ],
);
