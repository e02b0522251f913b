import { index, integer, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { id, moment } from "./columns.ts";

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
    /** What Meta says of the number: the name customers see and whether it is approved, quality, and how many it may write to. */
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
