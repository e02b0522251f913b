import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { ChatStatus } from "../domain/chat.ts";
import type { ChatEventName } from "../domain/chat-event.ts";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Amendment, UnreadReason } from "../domain/inbound-event.ts";
import type { MessageError, Reaction } from "../domain/message.ts";

// Names are quoted PascalCase tables and camelCase columns, because operators run SQL by hand. The functions that
// write these tables (`ingest` and its company) stand in the migrations: drizzle-kit does not know functions.

const id = () => integer().primaryKey().generatedByDefaultAsIdentity();
const moment = () => timestamp({ withTimezone: true, precision: 3 });
const bytes = customType<{ data: Uint8Array; driverData: string }>({ dataType: () => "bytea" });

/** Who the system works for. Rows are made by operators. */
export const organizations = pgTable("Organization", {
  id: id(),
  name: text().notNull(),
  /** Until when an inbox may be open: the hub is called only while it is. */
  watchedUntil: moment(),
  createdAt: moment().notNull().defaultNow(),
  updatedAt: moment().notNull().defaultNow(),
});

/** Our business numbers. No constraint here may refuse what an operator types: shapes are the number check's business. */
export const organizationPhones = pgTable(
  "OrganizationPhone",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    name: text().notNull(),
    phoneNumber: text().notNull(),
    connectionType: text().notNull().default("waba"),
    /** `secret:NAME`, a sealed value, or a raw token that is sealed at first use; null means the Worker's secrets. */
    wabaAccessToken: text(),
    wabaPhoneNumberId: text(),
    wabaId: text(),
    wabaApiVersion: text(),
    wabaVerifyToken: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("OrganizationPhone_wabaPhoneNumberId_key").on(t.wabaPhoneNumberId),
    index("OrganizationPhone_organizationId_idx").on(t.organizationId),
    index("OrganizationPhone_wabaId_idx").on(t.wabaId),
    index("OrganizationPhone_wabaVerifyToken_idx").on(t.wabaVerifyToken),
  ],
);

/** The people who answer: made when a token is first seen. */
export const agents = pgTable(
  "Agent",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    sub: text().notNull(),
    name: text().notNull(),
    role: text().notNull().$type<"agent" | "admin">(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("Agent_organizationId_sub_key").on(t.organizationId, t.sub),
    unique("Agent_organizationId_id_key").on(t.organizationId, t.id),
  ],
);

/** Who is outside: known by phone, by Meta's user id, or both; or a group. */
export const contacts = pgTable(
  "Contact",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    phone: text(),
    userId: text(),
    groupId: text(),
    name: text(),
    username: text(),
    /** Meta's times of the newest sightings that gave a name and a username: older ones do not take them back. */
    namedAt: moment(),
    usernamedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("Contact_organizationId_phone_key").on(t.organizationId, t.phone),
    uniqueIndex("Contact_organizationId_userId_key").on(t.organizationId, t.userId),
    uniqueIndex("Contact_organizationId_groupId_key").on(t.organizationId, t.groupId),
    check("Contact_identity_check", sql`num_nonnulls(${t.phone}, ${t.userId}, ${t.groupId}) > 0`),
  ],
);

/**
 * One number of ours with one contact. Each message updates the row: only the list's order is indexed of what changes
 * then, or every update would rewrite every index.
 */
export const chats = pgTable(
  "Chat",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    organizationPhoneId: integer()
      .notNull()
      .references(() => organizationPhones.id),
    contactId: integer()
      .notNull()
      .references(() => contacts.id),
    /** The number of the last event. Whoever holds the row's lock owns the next. */
    head: integer().notNull().default(0),
    unreadCount: integer().notNull().default(0),
    /** The newest message in display order. No foreign key: it would be checked at every message. */
    lastMessageId: integer(),
    /** Its time; 1970 while there is none, so that the list's keyset needs no nulls. */
    lastMessageAt: moment().notNull().default(sql`to_timestamp(0)`),
    /** Meta's time of the customer's last message: the 24 hours count from here. */
    lastInboundAt: moment(),
    status: text().notNull().default("open").$type<ChatStatus>(),
    assigneeId: integer(),
    /** Until when somebody may have the chat open: the room is called only while it is. */
    watchedUntil: moment(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("Chat_organizationPhoneId_contactId_key").on(t.organizationPhoneId, t.contactId),
    unique("Chat_id_organizationPhoneId_key").on(t.id, t.organizationPhoneId),
    index("Chat_organizationId_lastMessageAt_id_idx").on(
      t.organizationId,
      t.lastMessageAt.desc(),
      t.id.desc(),
    ),
    index("Chat_contactId_idx").on(t.contactId),
    foreignKey({
      name: "Chat_organizationId_assigneeId_fk",
      columns: [t.organizationId, t.assigneeId],
      foreignColumns: [agents.organizationId, agents.id],
    }),
  ],
);

/** Every item of Meta's `messages[]`, every echo, everything we send. Reactions, edits and revokes are rows too. */
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
    /** `json`, not `jsonb`: it keeps Meta's text as it came, U+0000 and lone surrogates included. */
    payload: json().notNull(),
    status: text().$type<DeliveryStatus>(),
    error: jsonb().$type<MessageError>(),
    /** The wamid this one replies to, reacts to, edits or revokes. That one may come later, or never. */
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
    /** Which attempt may call Graph, and until when it is believed to be alive. */
    claimId: text(),
    leaseUntil: moment(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: moment(),
    createdAt: moment().notNull(),
    receivedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    // Two numbers of ours may see one wamid.
    uniqueIndex("Message_organizationPhoneId_wamid_key").on(t.organizationPhoneId, t.wamid),
    uniqueIndex("Message_agentId_idempotencyKey_key")
      .on(t.agentId, t.idempotencyKey)
      .where(sql`"idempotencyKey" is not null`),
    index("Message_chatId_createdAt_seq_idx").on(t.chatId, t.createdAt, t.seq),
    index("Message_organizationPhoneId_refersTo_idx")
      .on(t.organizationPhoneId, t.refersTo)
      .where(sql`"refersTo" is not null`),
    index("Message_unsettled_idx")
      .on(t.organizationPhoneId, t.id)
      .where(sql`status in ('queued', 'sending', 'unknown')`),
    foreignKey({
      name: "Message_chatId_organizationPhoneId_fk",
      columns: [t.chatId, t.organizationPhoneId],
      foreignColumns: [chats.id, chats.organizationPhoneId],
    }),
  ],
);

/** The numbered log of every chat: one row per change. Its key is the net under every number that is given out. */
export const chatEvents = pgTable(
  "ChatEvent",
  {
    chatId: integer()
      .notNull()
      .references(() => chats.id),
    seq: integer().notNull(),
    event: text().notNull().$type<ChatEventName>(),
    messageId: integer().references(() => messages.id),
    /** Who of us did it; null when it came from Meta. */
    agentId: integer().references(() => agents.id),
    /** What changed, where the row alone does not tell. */
    data: jsonb().$type<Record<string, unknown>>(),
    createdAt: moment().notNull().defaultNow(),
  },
  (t) => [primaryKey({ name: "ChatEvent_pkey", columns: [t.chatId, t.seq] })],
);

/** Every state that Meta reported, with its own time: the earliest it gave. Without its message it waits for it. */
export const messageStatuses = pgTable(
  "MessageStatus",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedByDefaultAsIdentity(),
    organizationPhoneId: integer()
      .notNull()
      .references(() => organizationPhones.id),
    wamid: text().notNull(),
    status: text().notNull(),
    /** In a group each participant reports for himself; otherwise empty. */
    participant: text().notNull().default(""),
    messageId: integer().references(() => messages.id),
    /** The number of the event that told the chat's clients; null while the message is not known. */
    seq: integer(),
    error: jsonb().$type<MessageError>(),
    payload: json().notNull(),
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
    index("MessageStatus_messageId_idx").on(t.messageId),
  ],
);

/** What is neither a message nor a status, or could not be read or applied: raw, so that it can be replayed. */
export const webhookEvents = pgTable(
  "WebhookEvent",
  {
    id: id(),
    /** Null when it belongs to no number of ours: then only operators see it. */
    organizationId: integer().references(() => organizations.id),
    phoneNumberId: text(),
    wabaId: text(),
    field: text(),
    reason: text().$type<UnreadReason>(),
    /** A webhook body that holds this item alone. Null when it was no JSON: then `raw` has the bytes. */
    payload: json(),
    raw: bytes(),
    /** Of the content, which includes Meta's time: a redelivery is known by it. */
    hash: text().notNull(),
    appliedAt: moment(),
    receivedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("WebhookEvent_hash_key").on(t.hash),
    index("WebhookEvent_organizationId_id_idx").on(t.organizationId, t.id),
  ],
);

/** The random name of this database's history, one row: made anew after a restore, it tells clients to start over. */
export const epochs = pgTable(
  "Epoch",
  {
    id: integer().primaryKey().default(1),
    epoch: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (t) => [check("Epoch_one_row_check", sql`${t.id} = 1`)],
);
