import type { AccountNotice, SendingReport } from "../../domain/account-notice.ts";
import type { AccountSubject, AnySubject, Notice, Severity } from "../../domain/notice.ts";
import { idOf, numberOf, objectOf, shortTextOf, timeOf, wordOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { limitOf, limitText, numberOfValue } from "./numbers.ts";
import {
  parseRestrictions,
  remediesOf,
  sendingOf,
  severityOfRestriction,
  severityOfRestrictions,
} from "./restrictions.ts";
import { plainWords } from "./title.ts";

type AccountDetail = Extract<AccountNotice, { kind: "account" }>["detail"];

/** The severity, and what happened to `who`: the account, or one of its numbers. */
type Event = [Severity, (who: string) => string];

const EVENTS: Record<string, Event> = {
  ACCOUNT_DELETED: ["critical", (who) => `${who} was deleted`],
  ACCOUNT_OFFBOARDED: ["critical", (who) => `${who} was disconnected`],
  ACCOUNT_RECONNECTED: ["info", (who) => `${who} is connected again`],
  ACCOUNT_RESTRICTION: ["critical", (who) => `Meta has restricted ${who}`],
  ACCOUNT_VIOLATION: ["critical", (who) => `Meta finds ${who} against its policy`],
  DISABLED_UPDATE: ["critical", (who) => `Meta has changed the ban of ${who}`],
  AD_ACCOUNT_LINKED: ["info", (who) => `An ad account was linked to ${who}`],
  AUTH_INTL_PRICE_ELIGIBILITY_UPDATE: ["info", () => "International prices apply to authentication messages"],
  BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE: ["info", () => "The country of the business was set"],
  MM_LITE_TERMS_SIGNED: ["info", () => "The terms of the Marketing Messages API were signed"],
  PARTNER_ADDED: ["info", (who) => `${who} was shared with a partner`],
  PARTNER_REMOVED: ["critical", (who) => `${who} is no longer shared with its partner`],
  PARTNER_APP_INSTALLED: ["info", (who) => `A partner's app was connected to ${who}`],
  PARTNER_APP_UNINSTALLED: ["critical", (who) => `A partner's app was disconnected from ${who}`],
  PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE: [
    "info",
    () => "The verification of the business by its partner changed",
  ],
  VERIFIED_ACCOUNT: ["info", (who) => `Meta has verified ${who}`],
  VOLUME_BASED_PRICING_TIER_UPDATE: ["info", (who) => `${who} has reached a price tier`],
};
const LIFTED: Event = ["info", (who) => `Meta has lifted a restriction of ${who}`];
const WARNED: Event = ["warning", (who) => `Meta warns that it may restrict ${who}`];
/** A warning: the restriction that may follow is an event of its own. */
const CALLING_QUALITY: Event = ["warning", (who) => `Meta warns of the quality of calls with ${who}`];
/** https://developers.facebook.com/docs/whatsapp/solution-providers/partner-led-business-verification */
const NOT_CERTIFIED = ["FAILED", "REVOKED", "DISCARDED", "REJECTED", "EXPIRED"];

/** Field `account_update`. Of `PARTNER_…` events the account stands in `waba_info`: they are sent to the partner. */
export function parseAccount(value: JsonObject, at: string | null): Notice {
  const event = shortTextOf(value.event);
  const detail = detailOf(event, value);
  const { ban, violation, restrictions, certification, country, disconnection, priceTier } = detail;
  const subject = subjectOf(value);
  const who =
    subject.type === "phoneNumber"
      ? `number ${subject.phoneNumber ?? "(not named)"}`
      : "the WhatsApp account";
  const [severity, what] = eventOf(detail);
  const about = [
    ban && plainWords(ban.state),
    violation && plainWords(violation),
    restrictions.map(({ restriction }) => plainWords(restriction)).join(", "),
    certification && [plainWords(certification.status), ...certification.reasons.map(plainWords)].join(", "),
    disconnection && plainWords(disconnection.reason),
    priceTier && [priceTier.category, priceTier.region].filter(Boolean).join(", "),
    country,
  ].filter(Boolean);
  const advice = remediesOf([detail, ...restrictions]);
  const sentence = `${what(who)}${about.length > 0 ? ` (${about.join("; ")})` : ""}`;
  return {
    kind: "account",
    severity,
    title: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${advice ? `: ${advice}` : ""}.`,
    at,
    subject,
    detail,
  };
}

function eventOf({ event, ban, violation, restrictions, certification }: AccountDetail): Event {
  const known = event !== null && Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  if (!known) return ["info", (who) => `${who} changed: ${plainWords(event)}`];
  const [severity, what] = known;
  if (event === "ACCOUNT_RESTRICTION") {
    const worst = severityOfRestrictions(restrictions);
    return worst === "info" ? LIFTED : worst === "warning" ? WARNED : known;
  }
  if (event === "ACCOUNT_VIOLATION" && violation !== null) {
    if (/CALL(?:S|ING)?(?:_|$)/i.test(violation)) return CALLING_QUALITY;
    return [severityOfRestriction(violation), what];
  }
  if (ban?.state === "REINSTATE") return ["info", what];
  if (certification && NOT_CERTIFIED.includes(certification.status?.toUpperCase() ?? ""))
    return ["warning", what];
  return [severity, what];
}

/** The account that is named; the number, of what is about one alone. */
function subjectOf(value: JsonObject): AnySubject {
  const wabaId = idOf(objectOf(value.waba_info).waba_id);
  const number = numberOfValue(value);
  return wabaId === null && number.phoneNumber !== null ? number : { type: "account", wabaId };
}

function detailOf(event: string | null, value: JsonObject): AccountDetail {
  const { ban_info, disconnection_info, volume_tier_info, partner_client_certification_info } = value;
  const waba = objectOf(value.waba_info);
  const violation = objectOf(value.violation_info);
  const certification = objectOf(partner_client_certification_info);
  const restrictions = parseRestrictions(value.restriction_info);
  const banState = wordOf(objectOf(ban_info).waba_ban_state);
  return {
    event,
    restrictions,
    sending: event === "ACCOUNT_RESTRICTION" ? sendingOf(restrictions) : banOf(banState),
    violation: shortTextOf(violation.violation_type),
    remedy: shortTextOf(violation.remediation) ?? shortTextOf(value.remediation),
    ban: isObject(ban_info) ? { state: banState, date: dateOf(ban_info.waba_ban_date) } : null,
    disconnection: isObject(disconnection_info)
      ? {
          reason: shortTextOf(disconnection_info.reason),
          initiatedBy: shortTextOf(disconnection_info.initiated_by),
        }
      : null,
    country: shortTextOf(value.country),
    businessId: idOf(waba.owner_business_id) ?? idOf(certification.client_business_id),
    partnerAppId: idOf(waba.partner_app_id),
    solutionId: idOf(waba.solution_id),
    adAccountId: idOf(waba.ad_account_linked),
    certification: isObject(partner_client_certification_info)
      ? { status: shortTextOf(certification.status), reasons: reasonsOf(certification.rejection_reasons) }
      : null,
    priceTier: isObject(volume_tier_info) ? tierOf(volume_tier_info) : null,
    authInternationalFrom: timeOf(objectOf(value.auth_international_rate_eligibility).start_time),
  };
}

/** A ban that is only announced says nothing yet. */
function banOf(state: string | null): SendingReport | null {
  if (state !== "DISABLE" && state !== "REINSTATE") return null;
  const isRestricted = state === "DISABLE";
  return { cause: "ban", isRestricted, canReply: !isRestricted, what: null, until: null, types: [] };
}

/** What Meta decided, or what happened: that is no state which passes. */
const HAPPENED = /(?:APPROVED|REJECTED|DEFERRED|FAILED|NEED_MORE_INFO)$/;

/** Field `account_alerts`; libraries know an older form, without `alert_info`. */
export function parseAccountAlert(value: JsonObject, at: string | null): Notice {
  const info = isObject(value.alert_info) ? value.alert_info : value;
  const [alert, description] = [shortTextOf(info.alert_type), shortTextOf(info.alert_description)];
  const happened = HAPPENED.test(alert ?? "");
  const active = info.alert_status !== "NONE" || happened;
  const alertSeverity = active ? info.alert_severity : null;
  const [entity, entityId] = [shortTextOf(value.entity_type), idOf(value.entity_id)];
  const isNumber = entity === "PHONE_NUMBER";
  const who = isNumber && entityId !== null ? ` for the number with ID ${entityId}` : "";
  return {
    kind: "accountAlert",
    severity: alertSeverity === "CRITICAL" ? "critical" : alertSeverity === "WARNING" ? "warning" : "info",
    title: `Meta ${happened ? "reports" : active ? "warns of" : "no longer warns of"} ${plainWords(alert)}${who}${description ? `: ${description}` : ""}`,
    at,
    subject: isNumber ? { type: "phoneNumber", phoneNumber: null } : account,
    detail: { alert, description, active, entity, entityId },
  };
}

/** Field `account_review_update`. */
export function parseAccountReview(value: JsonObject, at: string | null): Notice {
  const decision = shortTextOf(value.decision);
  return {
    kind: "accountReview",
    severity: decision === "REJECTED" ? "critical" : decision === "APPROVED" ? "info" : "warning",
    title: `Meta's review of the WhatsApp account: ${plainWords(decision)}.`,
    at,
    subject: subjectOf(value),
    detail: { decision },
  };
}

/** Field `business_capability_update`. */
export function parseAccountCapability(value: JsonObject, at: string | null): Notice {
  const dailyLimit = limitOf(value.max_daily_conversations_per_business);
  return {
    kind: "accountCapability",
    severity: "info",
    title: `The limits of the WhatsApp account were changed${limitText(dailyLimit, ": ")}.`,
    at,
    subject: subjectOf(value),
    detail: {
      dailyLimit,
      dailyLimitPerNumber: numberOf(value.max_daily_conversation_per_phone),
      numbersPerBusiness: numberOf(value.max_phone_numbers_per_business),
      numbersPerAccount: numberOf(value.max_phone_numbers_per_waba),
    },
  };
}

const account: AccountSubject = { type: "account", wabaId: null };

function tierOf({ pricing_category, tier, region, effective_month }: JsonObject): AccountDetail["priceTier"] {
  const [category, one, where, month] = [pricing_category, tier, region, effective_month].map(shortTextOf);
  return { category: category ?? null, tier: one ?? null, region: where ?? null, month: month ?? null };
}

function reasonsOf(reasons: unknown): string[] {
  const list: unknown[] = Array.isArray(reasons) ? reasons.slice(0, 20) : [];
  return list.flatMap((reason) => shortTextOf(reason) ?? []).filter((reason) => reason !== "NONE");
}

/** A time, or a date as text. */
function dateOf(value: unknown): string | null {
  return timeOf(value) ?? shortTextOf(value);
}
