import { sql } from "drizzle-orm";
import { foreignKey, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { chats } from "./chat-tables.ts";
import { id, moment } from "./columns.ts";
import { agents, organizations } from "./organization-tables.ts";

/** What agents write about a chat for each other. It never leaves the organization. */
export const chatNotes = pgTable(
  "ChatNote",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    chatId: integer()
      .notNull()
      .references(() => chats.id),
    /** The author: only they edit or delete it. */
    agentId: integer().notNull(),
    /** The number of the event that created it. */
    seq: integer().notNull(),
    /** Empty once it is deleted. */
    body: text().notNull(),
    /** The agents whom it mentions. */
    mentions: integer().array().notNull().default([]),
    idempotencyKey: text(),
    createdAt: moment().notNull(),
    editedAt: moment(),
    deletedAt: moment(),
  },
  (t) => [
    index("ChatNote_chatId_id_idx").on(t.chatId, t.id),
    uniqueIndex("ChatNote_agentId_idempotencyKey_key")
      .on(t.agentId, t.idempotencyKey)
      .where(sql`"idempotencyKey" is not null`),
    foreignKey({
      name: "ChatNote_organizationId_agentId_fk",
      columns: [t.organizationId, t.agentId],
      foreignColumns: [agents.organizationId, agents.id],
    }),
  ],
);

/** An organization's labels; a chat has the ids of its own. */
export const labels = pgTable(
  "Label",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    name: text().notNull(),
    /** A word of a closed list, see domain/label.ts. */
    color: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [uniqueIndex("Label_organizationId_name_key").on(t.organizationId, sql`lower(name)`)],
);

/** Texts that agents insert by a shortcut. */
export const quickReplies = pgTable(
  "QuickReply",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    shortcut: text().notNull(),
    /** May contain `{{contact.name}}`, which the page fills in. */
    text: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [uniqueIndex("QuickReply_organizationId_shortcut_key").on(t.organizationId, sql`lower(shortcut)`)],
);
