import { index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { AuditAction, AuditDetail } from "../domain/audit.ts";
import { id, moment } from "./columns.ts";
import { agents, organizationPhones, organizations } from "./organization-tables.ts";

/** Who changed what of the organization's numbers, or erased a contact, and when. Never a token, a PIN, a code or a name of a customer. */
export const auditEntries = pgTable(
  "AuditEntry",
  {
    id: id(),
    organizationId: integer()
      .notNull()
      .references(() => organizations.id),
    /** Null for what the system itself did. */
    agentId: integer().references(() => agents.id),
    organizationPhoneId: integer().references(() => organizationPhones.id),
    action: text().notNull().$type<AuditAction>(),
    detail: jsonb().notNull().$type<AuditDetail>(),
    createdAt: moment().notNull().defaultNow(),
  },
  (t) => [
    index("AuditEntry_organizationId_id_idx").on(t.organizationId, t.id),
    index("AuditEntry_organizationPhoneId_id_idx").on(t.organizationPhoneId, t.id),
  ],
);
