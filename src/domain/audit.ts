/** What can be done to a number or a contact, as the audit log names it. */
export const auditActions = [
  "phone.connected",
  "phone.changed",
  "phone.token_rotated",
  "phone.disconnected",
  "phone.reconnected",
  "phone.subscribed",
  "phone.registered",
  "phone.code_requested",
  "phone.verified",
  "phone.tested",
  "phone.events_applied",
  "phone.event_retried",
  "phone.event_removed",
  "contact.erased",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** The changed fields, before and after, and what else there is to say. Secrets appear as "(changed)" alone. */
export type AuditDetail = {
  changes?: Record<string, { from: string | null; to: string | null }>;
  reason?: string;
  count?: number;
  /** Of a spooled event. */
  eventId?: number;
};

export type AuditEntry = {
  id: number;
  organizationPhoneId: number | null;
  /** Null for what the system itself did. */
  agent: { id: number; name: string } | null;
  action: AuditAction;
  detail: AuditDetail;
  createdAt: string;
};
