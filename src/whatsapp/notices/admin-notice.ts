import type { AnySubject, Notice } from "../../domain/notice.ts";
import { cleanText } from "../clean-text.ts";
import { shortTextOf, timeOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { parseAccount, parseAccountAlert, parseAccountCapability, parseAccountReview } from "./account.ts";
import { parseGroups } from "./groups.ts";
import {
  parseAutomaticEvents,
  parseErrorsAndClicks,
  parseHandoverNotice,
  parseHistoryDeclined,
  parseStandby,
} from "./messaging.ts";
import {
  numberOfValue,
  parseNumberName,
  parseNumberQuality,
  parseNumberSecurity,
  parseNumberSettings,
  parseNumberUsername,
} from "./numbers.ts";
import { parseFlow, parsePartnerSolution, parsePaymentConfiguration } from "./services.ts";
import {
  parseTemplateCategory,
  parseTemplateComponents,
  parseTemplateMisuse,
  parseTemplateQuality,
  parseTemplateStatus,
} from "./templates.ts";
import { plainWords, sentenceOf } from "./title.ts";

const FIELD_LENGTH = 256;

/**
 * Parses the value of a webhook field to a notice for an organization's admins; `time` is its entry's. Null where there is
 * none: chats, calls, history and people have parsers of their own. An unknown field is `other`. Total, and bounded
 * by what its parts are. https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components
 */
export function parseAdminNotice(field: string, value: unknown, time?: unknown): Notice | null {
  if (!isObject(value)) return null;
  const at = timeOf(time) ?? timeOf(value.timestamp);
  const read = Object.hasOwn(READERS, field) ? READERS[field] : undefined;
  const notice = read ? read(value, at) : otherNotice(field, value, at);
  return notice && { ...notice, title: sentenceOf(notice.title) };
}

type Reader = (value: JsonObject, at: string | null) => Notice | null;

const READERS: Record<string, Reader> = {
  messages: (value, at) => parseErrorsAndClicks("messages", value, at),
  smb_message_echoes: (value, at) => parseErrorsAndClicks("smb_message_echoes", value, at),
  message_echoes: (value, at) => parseErrorsAndClicks("message_echoes", value, at),
  calls: (value, at) => (Array.isArray(value.calls) ? null : parseErrorsAndClicks("calls", value, at)),
  history: parseHistoryDeclined,
  smb_app_state_sync: () => null,
  user_preferences: () => null,
  user_id_update: () => null,
  message_template_status_update: parseTemplateStatus,
  message_template_quality_update: parseTemplateQuality,
  message_template_components_update: parseTemplateComponents,
  template_category_update: parseTemplateCategory,
  template_correct_category_detection: parseTemplateMisuse,
  phone_number_quality_update: parseNumberQuality,
  phone_number_name_update: parseNumberName,
  business_username_updates: parseNumberUsername,
  security: parseNumberSecurity,
  account_settings_update: parseNumberSettings,
  account_update: parseAccount,
  account_alerts: parseAccountAlert,
  account_review_update: parseAccountReview,
  business_capability_update: parseAccountCapability,
  group_lifecycle_update: parseGroups,
  group_participants_update: parseGroups,
  group_settings_update: parseGroups,
  group_status_update: parseGroups,
  flows: parseFlow,
  payment_configuration_update: parsePaymentConfiguration,
  partner_solutions: parsePartnerSolution,
  messaging_handovers: parseHandoverNotice,
  standby: parseStandby,
  automatic_events: parseAutomaticEvents,
};

function otherNotice(field: string, value: JsonObject, at: string | null): Notice {
  const name = cleanText(field, FIELD_LENGTH);
  const event = shortTextOf(value.event);
  return {
    kind: "other",
    severity: "info",
    title: `Meta sent a webhook of a field that is new to us: ${name}${event ? ` (${plainWords(event)})` : ""}.`,
    at,
    subject: subjectOf(value),
    detail: { field: name, event },
  };
}

/** A field that we do not know may still name the number that it is about. */
function subjectOf(value: JsonObject): AnySubject {
  const number = numberOfValue(value);
  return number.phoneNumber === null ? { type: "account", wabaId: null } : number;
}
