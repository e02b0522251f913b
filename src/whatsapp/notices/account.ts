import type { AccountNotice } from "../../domain/account-notice.ts";
import type { AccountSubject, Notice, Severity } from "../../domain/notice.ts";
import { idOf, numberOf, objectOf, objectsOf, shortTextOf, timeOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { limitOf } from "./numbers.ts";
import { plainWords } from "./title.ts";

type AccountDetail = Extract<AccountNotice, { kind: "account" }>["detail"];

const EVENTS: Record<string, [Severity, string]> = {
  ACCOUNT_DELETED: ["critical", "The WhatsApp account was deleted"],
  ACCOUNT_OFFBOARDED: ["critical", "The WhatsApp account was disconnected"],
  ACCOUNT_RECONNECTED: ["info", "The WhatsApp account is connected again"],
  ACCOUNT_RESTRICTION: ["critical", "Meta has restricted the WhatsApp account"],
  ACCOUNT_VIOLATION: ["critical", "Meta finds the WhatsApp account against its policy"],
  DISABLED_UPDATE: ["critical", "Meta has changed the ban of the WhatsApp account"],
  AD_ACCOUNT_LINKED: ["info", "An ad account was linked to the WhatsApp account"],
  AUTH_INTL_PRICE_ELIGIBILITY_UPDATE: ["info", "International prices apply to authentication messages"],
  BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE: ["info", "The country of the business was set"],
  MM_LITE_TERMS_SIGNED: ["info", "The terms of the Marketing Messages API were signed"],
  PARTNER_ADDED: ["info", "The WhatsApp account was shared with a partner"],
  PARTNER_REMOVED: ["critical", "The WhatsApp account is no longer shared with its partner"],
  PARTNER_APP_INSTALLED: ["info", "A partner's app was connected to the WhatsApp account"],
  PARTNER_APP_UNINSTALLED: ["critical", "A partner's app was disconnected from the WhatsApp account"],
  PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE: [
    "info",
    "The verification of the business by its partner changed",
  ],
  VOLUME_BASED_PRICING_TIER_UPDATE: ["info", "The WhatsApp account has reached a price tier"],
};

/** Field `account_update`. Of `PARTNER_…` events the account stands in `waba_info`: they are sent to the partner. */
export function parseAccount(value: JsonObject, at: string | null): Notice {
  const event = shortTextOf(value.event);
  const detail = detailOf(event, value);
  const { ban, violation, restrictions, certification, country, disconnection, priceTier } = detail;
  const known = event !== null && Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  const [severity, what] = known ?? ["info", `The WhatsApp account changed: ${plainWords(event)}`];
  const about = [
    ban && plainWords(ban.state),
    violation && plainWords(violation),
    restrictions.map(({ restriction }) => plainWords(restriction)).join(", "),
    certification && plainWords(certification.status),
    disconnection && plainWords(disconnection.reason),
    priceTier && [priceTier.category, priceTier.region].filter(Boolean).join(", "),
    country,
  ].filter(Boolean);
  return {
    kind: "account",
    severity: ban?.state === "REINSTATE" ? "info" : severity,
    title: `${what}${about.length > 0 ? ` (${about.join("; ")})` : ""}.`,
    at,
    subject: { type: "account", wabaId: idOf(objectOf(value.waba_info).waba_id) },
    detail,
  };
}

function detailOf(event: string | null, value: JsonObject): AccountDetail {
  const { ban_info, disconnection_info, volume_tier_info, partner_client_certification_info } = value;
  const waba = objectOf(value.waba_info);
  const certification = objectOf(partner_client_certification_info);
  return {
    event,
    restrictions: objectsOf(value.restriction_info, 50).map(
      ({ restriction_type, expiration, remediation }) => ({
        restriction: shortTextOf(restriction_type),
        until: timeOf(expiration),
        remedy: shortTextOf(remediation),
      }),
    ),
    violation: shortTextOf(objectOf(value.violation_info).violation_type),
    ban: isObject(ban_info)
      ? { state: shortTextOf(ban_info.waba_ban_state), date: dateOf(ban_info.waba_ban_date) }
      : null,
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

/** Field `account_alerts`; libraries know an older form, without `alert_info`. */
export function parseAccountAlert(value: JsonObject, at: string | null): Notice {
  const info = isObject(value.alert_info) ? value.alert_info : value;
  const [alert, description] = [shortTextOf(info.alert_type), shortTextOf(info.alert_description)];
  const active = info.alert_status !== "NONE";
  const alertSeverity = active ? info.alert_severity : null;
  return {
    kind: "accountAlert",
    severity: alertSeverity === "CRITICAL" ? "critical" : alertSeverity === "WARNING" ? "warning" : "info",
    title: `Meta ${active ? "warns of" : "no longer warns of"} ${plainWords(alert)}${description ? `: ${description}` : ""}`,
    at,
    subject: account,
    detail: {
      alert,
      description,
      active,
      entity: shortTextOf(value.entity_type),
      entityId: idOf(value.entity_id),
    },
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
    subject: account,
    detail: { decision },
  };
}

/** Field `business_capability_update`. */
export function parseAccountCapability(value: JsonObject, at: string | null): Notice {
  const dailyLimit = limitOf(value.max_daily_conversations_per_business);
  return {
    kind: "accountCapability",
    severity: "info",
    title: `The limits of the WhatsApp account were changed${dailyLimit ? `: ${dailyLimit} people a day` : ""}.`,
    at,
    subject: account,
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
