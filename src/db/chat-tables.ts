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

/** Lists leave out a chat that another has taken over. */
const isListed = sql`"mergedIntoId" is null`;

/**
 * One number of ours with one contact.
 *
 * Every message updates `lastMessageAt`, and with it an entry in each index, so the table has few of them. The two list
 * indexes are worth it: a list by number, by status, by both or by neither reads only the rows it returns, whatever share of
 * the chats they are (see the SQL function `list_chats`). One index less would save a message some 130 bytes of WAL, and
 * make a list of one number read the organization's other chats. One unique index serves both the look-up of a chat and
 * that of all chats of a contact; of one number alone there is no look-up.
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
    /** The chat that has taken over this one's messages, since both turned out to be one person's. */
    mergedIntoId: integer().references((): AnyPgColumn => chats.id),
    /** Until when somebody may have the chat open: the room is called only while it is. */
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
    foreignKey({
      name: "Chat_organizationId_assigneeId_fk",
      columns: [t.organizationId, t.assigneeId],
      foreignColumns: [agents.organizationId, agents.id],
    }),
  ],
);
