import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { DisconnectReason } from "../domain/phone.ts";
import { id, moment } from "./columns.ts";

/** A tenant. Operators create the rows. */
export const organizations = pgTable("Organization", {
  id: id(),
  name: text().notNull(),
  /** What the identity provider calls it, where that is not our id. */
  externalId: text().unique(),
  /** Until when an inbox may be open: the hub is called only until then. */
  watchedUntil: moment(),
  /** Whether an agent's free reply in an unassigned chat assigns it to them. */
  replyTakesChat: boolean().notNull().default(false),
  createdAt: moment().notNull().defaultNow(),
  updatedAt: moment().notNull().defaultNow(),
});

/** Business numbers. No constraint may refuse what an operator types: the number check reports wrong shapes. */
export const organizationPhones = pgTable(
  "OrganizationPhone",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    name: text().notNull(),
    phoneNumber: text().notNull(),
    /** `disconnected` refuses every call for it, with the reason below; the chats stay, and what Meta delivers is stored. */
    connectionType: text().notNull().default("waba"),
    disconnectedAt: moment(),
    disconnectReason: text().$type<DisconnectReason>(),
    /** `secret:NAME`, a sealed value, or a raw token that is sealed at first use; null means the Worker's secrets. */
    wabaAccessToken: text(),
    wabaPhoneNumberId: text(),
    wabaId: text(),
    wabaApiVersion: text(),
    wabaVerifyToken: text(),
    /** As Meta reports it: the name that customers see and its approval, the quality, and how many people the number may message. */
    verifiedName: text(),
    nameStatus: text(),
    qualityRating: text(),
    messagingLimit: text(),
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

/**
 * What Meta displays for a number, by the pair that every message carries. Some notices name a number by that alone, and it is
 * not always what an operator typed. A pair is never removed: it stays true that Meta used it.
 */
export const displayedNumbers = pgTable(
  "DisplayedNumber",
  {
    phoneNumberId: text().notNull(),
    /** Digits only. */
    displayPhoneNumber: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.phoneNumberId, t.displayPhoneNumber] }),
    index("DisplayedNumber_displayPhoneNumber_idx").on(t.displayPhoneNumber),
  ],
);

/** The people who answer customers. A row is created when their token is first seen. */
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
    /** The page's own settings. */
    preferences: jsonb().notNull().default({}).$type<Record<string, unknown>>(),
    /** To the day. */
    lastSeenAt: moment().notNull().defaultNow(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("Agent_organizationId_sub_key").on(t.organizationId, t.sub),
    unique("Agent_organizationId_id_key").on(t.organizationId, t.id),
  ],
);
