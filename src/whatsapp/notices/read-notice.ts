import type { Notice } from "../../domain/notice.ts";
import { cleanText } from "../clean-text.ts";
import { wordOf } from "../content/loose.ts";
import { isObject, type JsonObject, timeOf } from "../json-text.ts";
import { readAccount, readAccountAlert, readAccountCapability, readAccountReview } from "./account.ts";
import { readGroups } from "./groups.ts";
import {
  readAutomaticEvents,
  readBeside,
  readHandover,
  readHistoryDeclined,
  readStandby,
} from "./messaging.ts";
import {
  readNumberName,
  readNumberQuality,
  readNumberSecurity,
  readNumberSettings,
  readNumberUsername,
} from "./numbers.ts";
import { readFlow, readPartnerSolution, readPaymentConfiguration } from "./services.ts";
import {
  readTemplateCategory,
  readTemplateComponents,
  readTemplateMisuse,
  readTemplateQuality,
  readTemplateStatus,
} from "./templates.ts";
import { sentenceOf } from "./words.ts";

const FIELD_LENGTH = 256;

/**
 * What the value of a webhook field tells an organization's admins; `time` is its entry's. Null where it tells them
 * nothing: chats, calls, history and people have readers of their own. A field of tomorrow is `other`. Total, and bounded
 * by what its parts are. https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components
 */
export function readNotice(field: string, value: unknown, time?: unknown): Notice | null {
  if (!isObject(value)) return null;
  const at = timeOf(time) ?? timeOf(value.timestamp);
  const read = Object.hasOwn(READERS, field) ? READERS[field] : undefined;
  const notice = read ? read(value, at) : otherNotice(field, value, at);
  return notice && { ...notice, title: sentenceOf(notice.title) };
}

type Reader = (value: JsonObject, at: string | null) => Notice | null;

const READERS: Record<string, Reader> = {
  messages: (value, at) => readBeside("messages", value, at),
  smb_message_echoes: (value, at) => readBeside("smb_message_echoes", value, at),
  calls: (value, at) => (Array.isArray(value.calls) ? null : readBeside("calls", value, at)),
  history: readHistoryDeclined,
  smb_app_state_sync: () => null,
  user_preferences: () => null,
  user_id_update: () => null,
  message_template_status_update: readTemplateStatus,
  message_template_quality_update: readTemplateQuality,
  message_template_components_update: readTemplateComponents,
  template_category_update: readTemplateCategory,
  template_correct_category_detection: readTemplateMisuse,
  phone_number_quality_update: readNumberQuality,
  phone_number_name_update: readNumberName,
  business_username_updates: readNumberUsername,
  security: readNumberSecurity,
  account_settings_update: readNumberSettings,
  account_update: readAccount,
  account_alerts: readAccountAlert,
  account_review_update: readAccountReview,
  business_capability_update: readAccountCapability,
  group_lifecycle_update: readGroups,
  group_participants_update: readGroups,
  group_settings_update: readGroups,
  group_status_update: readGroups,
  flows: readFlow,
  payment_configuration_update: readPaymentConfiguration,
  partner_solutions: readPartnerSolution,
  messaging_handovers: readHandover,
  standby: readStandby,
  automatic_events: readAutomaticEvents,
};

function otherNotice(field: string, value: JsonObject, at: string | null): Notice {
  const name = cleanText(field, FIELD_LENGTH);
  return {
    kind: "other",
    severity: "info",
    title: `Meta sent a webhook of a field that is new to us: ${name}.`,
    at,
    subject: { type: "account", wabaId: null },
    detail: { field: name, event: wordOf(value.event) },
  };
}
