import {
  type AnyPgColumn,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";
import { agents, organizations } from "./organization-tables.ts";

/**
 * Who is outside: known by phone, by Meta's user id, or both; or a group. One that was merged has given all it was known by
 * away. No CHECK says so: Postgres would read and prepare it at every message, which updates the row.
 */
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
    /** Of a managed business: one id over all its portfolios. */
    parentUserId: text(),
    /** Meta's word for the person's device; another one means that it may be somebody else who writes. */
    identityHash: text(),
    /** Since when marketing must not be sent to this person, and Meta's time of the last word on it. */
    marketingStoppedAt: moment(),
    marketingSaidAt: moment(),
    /** Since when Meta keeps this person's messages from us, at our request. */
    blockedAt: moment(),
    /** The contact that this one turned out to be. */
    mergedIntoId: integer().references((): AnyPgColumn => contacts.id),
    /** Meta's times of the newest sightings that gave a name and a username: older ones do not take them back. */
    namedAt: moment(),
    usernamedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    // The telling column first: where little is known of a table, Postgres takes any index that begins with the organization
    // for as good as any other, and reads all of its contacts.
    uniqueIndex("Contact_phone_organizationId_key").on(t.phone, t.organizationId),
    uniqueIndex("Contact_userId_organizationId_key").on(t.userId, t.organizationId),
    uniqueIndex("Contact_groupId_organizationId_key").on(t.groupId, t.organizationId),
  ],
);

/**
 * Everything that a person is or was known by. What is no longer current still finds the person, for events come late;
 * it is handed on when somebody else turns up with it, for phone numbers are recycled.
 */
export const contactIdentities = pgTable(
  "ContactIdentity",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    contactId: integer()
      .notNull()
      .references(() => contacts.id),
    kind: text().notNull().$type<"phone" | "userId" | "parentUserId">(),
    value: text().notNull(),
    isCurrent: boolean().notNull().default(true),
    createdAt: moment().notNull().defaultNow(),
    endedAt: moment(),
  },
  (t) => [
    uniqueIndex("ContactIdentity_organizationId_kind_value_key").on(t.organizationId, t.kind, t.value),
    index("ContactIdentity_contactId_idx").on(t.contactId),
  ],
);

/** Two contacts that became one, and all that is needed to take it back. */
export const contactMerges = pgTable(
  "ContactMerge",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    contactId: integer()
      .notNull()
      .references(() => contacts.id),
    mergedContactId: integer()
      .notNull()
      .references(() => contacts.id),
    /** Who decided it; null when Meta said that they are one. */
    agentId: integer().references(() => agents.id),
    /** Both contacts and their identities as they were, and which chats and messages moved. */
    before: jsonb().notNull().$type<Record<string, unknown>>(),
    createdAt: moment().notNull().defaultNow(),
    undoneAt: moment(),
  },
  (t) => [
    index("ContactMerge_organizationId_id_idx").on(t.organizationId, t.id),
    index("ContactMerge_contactId_idx").on(t.contactId),
    index("ContactMerge_mergedContactId_idx").on(t.mergedContactId),
  ],
);
