import { sql } from "drizzle-orm";
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
import type { IdentityKind } from "../domain/contact.ts";
import { id, moment } from "./columns.ts";
import { agents, organizations } from "./organization-tables.ts";

/**
 * A person, known by phone, by Meta's user id, or both; or a group. A merged contact has none of these. There is no CHECK for it:
 * Postgres would parse and prepare it at every message, which updates the row.
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
    /** The name to show: the trigger `show_name` takes the first of `agentName`, `savedName` and `profileName`. */
    name: text(),
    /** What the person calls themselves on WhatsApp. */
    profileName: text(),
    /** The name in the business's own address book, or the subject of the group. */
    savedName: text(),
    /** What an agent has named them. */
    agentName: text(),
    username: text(),
    /** All names, the username and the phone, folded for search; the trigger `show_name` keeps it. */
    searchText: text().notNull().default(""),
    /** Of a managed business: one id over all its portfolios. */
    parentUserId: text(),
    /** Meta's hash of the person's device; when it changes, another person may be writing. */
    identityHash: text(),
    /** When this person opted out of marketing (null: never), and Meta's time of their latest preference. */
    marketingStoppedAt: moment(),
    marketingSaidAt: moment(),
    /** Meta's id of the sign-up link by which this person last agreed to marketing. */
    marketingSignupId: text(),
    /** When we blocked this person: Meta no longer delivers their messages. */
    blockedAt: moment(),
    /** The contact that this one was merged into. */
    mergedIntoId: integer().references((): AnyPgColumn => contacts.id),
    /** Meta's times of the newest sightings with a profile name and with a username: older sightings do not change them. */
    namedAt: moment(),
    usernamedAt: moment(),
    savedNameAt: moment(),
    agentNameAt: moment(),
    /**
     * A sighting of exactly these ids at this time or later reports nothing new, so that the most frequent messages read and
     * write no report. Infinity while the ids have not been seen together.
     */
    identifiedAt: moment().notNull().default(sql`'-infinity'`),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    // The selective column first: without statistics Postgres considers every index that begins with the organization equally
    // good, and reads all of its contacts.
    uniqueIndex("Contact_phone_organizationId_key").on(t.phone, t.organizationId),
    uniqueIndex("Contact_userId_organizationId_key").on(t.userId, t.organizationId),
    uniqueIndex("Contact_groupId_organizationId_key").on(t.groupId, t.organizationId),
    index("Contact_searchText_idx").using("gin", t.searchText.op("gin_trgm_ops")),
    index("Contact_mergedIntoId_idx").on(t.mergedIntoId).where(sql`"mergedIntoId" is not null`),
  ],
);

/**
 * The current and former ids of a person. A former id still finds the person, because events may arrive late; it is reassigned
 * when another person is seen with it, because phone numbers are recycled.
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
    kind: text().notNull().$type<IdentityKind>(),
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

/**
 * What Meta has reported of a person's ids, each report once with its earliest time: ids seen together (`{phone, userId,
 * parentUserId}`), a change (`{previous, current, at}`), or a number that an agent typed (`{dialled}`). The identities are
 * computed from all reports of a person (`identity_spans`), so that every order of arrival ends alike.
 */
export const identityReports = pgTable(
  "IdentityReport",
  {
    id: id(),
    /** The contact it was recorded for, also once that one is merged into another. */
    contactId: integer()
      .notNull()
      .references(() => contacts.id),
    report: jsonb().notNull().$type<Record<string, unknown>>(),
    at: moment().notNull(),
  },
  (t) => [
    uniqueIndex("IdentityReport_contactId_report_key").on(t.contactId, t.report),
    index("IdentityReport_phone_idx").on(sql`("report"->>'phone')`, t.at),
    index("IdentityReport_previousPhone_idx").on(sql`("report"->'previous'->>'phone')`, t.at),
  ],
);

/** The names that agents have given a contact, each with its author; null where the name was removed. */
export const contactNames = pgTable(
  "ContactName",
  {
    id: id(),
    contactId: integer()
      .notNull()
      .references(() => contacts.id),
    name: text(),
    agentId: integer()
      .notNull()
      .references(() => agents.id),
    createdAt: moment().notNull(),
  },
  (t) => [index("ContactName_contactId_id_idx").on(t.contactId, t.id)],
);

/** A merge of two contacts, with what undoing it needs. */
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
    /** The admin who decided it; null when Meta reported that they are one person. */
    agentId: integer().references(() => agents.id),
    /** Both contacts and their identities before the merge, and which chats and messages moved. */
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
