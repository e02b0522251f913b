import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { ChatStatus } from "../domain/chat.ts";
import { id, moment } from "./columns.ts";
import { contacts } from "./contact-tables.ts";
import { agents, organizationPhones, organizations } from "./organization-tables.ts";

/** Lists leave out a chat that was merged into another. */
const isListed = sql`"mergedIntoId" is null`;
/** 0 for an unassigned chat, so that one condition finds an agent's chats and those of nobody. */
const assignee = sql`coalesce("assigneeId", 0)`;

/**
 * The chat between a business number and a contact.
 *
 * Every message updates `lastMessageAt`, and with it an entry in each index, so the table has few indexes. The list indexes
 * are worth it: a list by number, by assignee, by status, by all of them or by none reads only the rows it returns, whatever
 * share of the chats they are (see the SQL function `list_chats`). Without one of them, a message would save some 130 bytes of
 * WAL, and a list would read other chats. One unique index serves the look-up of a chat and of all chats of a contact; there is
 * no look-up by number alone.
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
    /** The number of the last event. The holder of the row's lock assigns the next. */
    head: integer().notNull().default(0),
    unreadCount: integer().notNull().default(0),
    /** The newest message in display order. No foreign key, which Postgres would check at every message. */
    lastMessageId: integer(),
    /** Its time; 1970 while there is none, so that the list's keyset needs no nulls. */
    lastMessageAt: moment().notNull().default(sql`to_timestamp(0)`),
    /** Meta's time of the customer's last message: the customer service window starts here. */
    lastInboundAt: moment(),
    status: text().notNull().default("open").$type<ChatStatus>(),
    assigneeId: integer(),
    /** When a snoozed chat opens again automatically; null for all others. */
    snoozedUntil: moment(),
    /** A label that was deleted may still be here. */
    labelIds: integer().array().notNull().default([]),
    /** The agents whom a note mentions and who have not read the chat since; again for each further note. */
    mentionedIds: integer().array().notNull().default([]),
    /** The chat that this one was merged into: both turned out to be with the same person. */
    mergedIntoId: integer().references((): AnyPgColumn => chats.id),
    /** Until when the chat may be open somewhere: its room is called only until then. */
    watchedUntil: moment(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("Chat_contactId_organizationPhoneId_key").on(t.contactId, t.organizationPhoneId),
    unique("Chat_id_organizationPhoneId_key").on(t.id, t.organizationPhoneId),
    index("Chat_organizationId_status_lastMessageAt_id_idx")
      .on(t.organizationId, t.status, t.lastMessageAt, t.id)
      .where(isListed),
    index("Chat_organizationPhoneId_status_lastMessageAt_id_idx")
      .on(t.organizationPhoneId, t.status, t.lastMessageAt, t.id)
      .where(isListed),
    index("Chat_mergedIntoId_idx").on(t.mergedIntoId).where(sql`"mergedIntoId" is not null`),
    index("Chat_organizationId_assignee_status_lastMessageAt_id_idx")
      .on(t.organizationId, assignee, t.status, t.lastMessageAt, t.id)
      .where(isListed),
    index("Chat_organizationPhoneId_assignee_status_lastMessageAt_id_idx")
      .on(t.organizationPhoneId, assignee, t.status, t.lastMessageAt, t.id)
      .where(isListed),
    index("Chat_unread_idx")
      .on(t.organizationId, t.status, t.lastMessageAt, t.id)
      .where(sql`"mergedIntoId" is null and "unreadCount" > 0`),
    // Chats without a label, which most are, are not in it: a message costs them nothing here.
    index("Chat_labelIds_idx").using("gin", t.labelIds).where(sql`"labelIds" <> '{}'`),
    index("Chat_mentionedIds_idx").using("gin", t.mentionedIds).where(sql`"mentionedIds" <> '{}'`),
    index("Chat_snoozedUntil_idx").on(t.snoozedUntil).where(sql`status = 'snoozed'`),
    foreignKey({
      name: "Chat_organizationId_assigneeId_fk",
      columns: [t.organizationId, t.assigneeId],
      foreignColumns: [agents.organizationId, agents.id],
    }),
  ],
);
