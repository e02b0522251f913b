import type { ContactPreference, IdentityChange } from "./identity-change.ts";
import type { Notice, Severity } from "./notice.ts";

/** A webhook that is no message, parsed, to be applied where it is stored. Plain data: the spool stores it. */
export type ParsedNotice = {
  /** Meta's time; null where it gives none. */
  at: string | null;
  /** For the admins. */
  notice: Notice | null;
  template: TemplatePatch | null;
  preferences: ContactPreference[];
  identityChanges: IdentityChange[];
};

/** What a webhook changes of one template; a missing field stays as it is. */
export type TemplatePatch = {
  templateId: string | null;
  name: string | null;
  language: string | null;
  status?: string;
  quality?: string;
  category?: string;
  reason?: string | null;
  /** Texts only, in Graph's form. */
  components?: Record<string, unknown>[];
};

/** A notice as it is stored, and shown to admins. */
export type StoredNotice = {
  id: number;
  organizationPhoneId: number | null;
  wabaId: string | null;
  /** Meta's field; null for what we noticed ourselves. */
  field: string | null;
  kind: string;
  severity: Severity;
  title: string;
  subject: Record<string, unknown> | null;
  detail: Record<string, unknown>;
  happenedAt: string;
  createdAt: string;
  /** What is wrong, such as `phone:12:C02`, of a notice that is an alarm; null for a plain report. */
  alarm: string | null;
  /** When what an alarm is about was right again; null while it is wrong. */
  clearedAt: string | null;
};
