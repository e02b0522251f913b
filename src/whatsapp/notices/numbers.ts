import type { Notice, NumberSubject, Severity } from "../../domain/notice.ts";
import { idOf, objectOf, shortTextOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { phoneNumberIdOf } from "../payload.ts";
import { parseRestrictions, remediesOf, severityOfRestrictions } from "./restrictions.ts";
import { plainWords } from "./title.ts";

/** Field `phone_number_quality_update`. */
export function parseNumberQuality(value: JsonObject, at: string | null): Notice {
  const event = shortTextOf(value.event);
  const previousLimit = limitOf(value.old_limit);
  const limit = limitOf(value.max_daily_conversations_per_business) ?? limitOf(value.current_limit);
  const severity = event === "FLAGGED" ? "critical" : event === "DOWNGRADE" ? "warning" : "info";
  return {
    kind: "numberQuality",
    severity,
    title: `The quality of number ${named(value)} changed: ${plainWords(event)}${limitText(limit, "; its limit is ")}.`,
    at,
    subject: numberOfValue(value),
    detail: { event, previousLimit, limit },
  };
}

/** Field `phone_number_name_update`. */
export function parseNumberName(value: JsonObject, at: string | null): Notice {
  const [decision, name] = [shortTextOf(value.decision), shortTextOf(value.requested_verified_name)];
  const reason = reasonOf(value.rejection_reason);
  return {
    kind: "numberName",
    severity: decision === "REJECTED" ? "warning" : "info",
    title: `The name "${name ?? ""}" of number ${named(value)} is ${plainWords(decision)}${reason ? `: ${reason}` : ""}.`,
    at,
    subject: numberOfValue(value),
    detail: { decision, name, reason },
  };
}

/** Field `business_username_updates`. */
export function parseNumberUsername(value: JsonObject, at: string | null): Notice {
  const [username, status] = [shortTextOf(value.username), shortTextOf(value.status)];
  return {
    kind: "numberUsername",
    severity: status === "deleted" ? "warning" : "info",
    title: `The username ${username ? `"${username}" ` : ""}of number ${named(value)} is ${plainWords(status)}.`,
    at,
    subject: numberOfValue(value),
    detail: { username, status },
  };
}

/** Who knows the PIN can take the number away, so that an unexpected change is a reason to act. */
const SECURITY: Record<string, [Severity, string]> = {
  PIN_CHANGED: ["warning", "was changed"],
  PIN_RESET_REQUEST: ["critical", "was asked to be switched off"],
  PIN_RESET_SUCCESS: ["critical", "was switched off"],
};

/** Field `security`: the PIN of two-step verification. */
export function parseNumberSecurity(value: JsonObject, at: string | null): Notice {
  const [event, requester] = [
    shortTextOf(value.event),
    shortTextOf(value.requester) ?? idOf(value.requester),
  ];
  const known = event !== null && Object.hasOwn(SECURITY, event) ? SECURITY[event] : undefined;
  const [severity, what] = known ?? ["warning", `is concerned by ${plainWords(event)}`];
  return {
    kind: "numberSecurity",
    severity,
    title: `The PIN of number ${named(value)} ${what}${requester ? ` by ${requester}` : ""}.`,
    at,
    subject: numberOfValue(value),
    detail: { event, requester },
  };
}

const MAX_SETTINGS = 20;

/** Field `account_settings_update`: the settings of one number, such as those of calls, and what Meta restricts of them. */
export function parseNumberSettings(value: JsonObject, at: string | null): Notice {
  const beside = ["messaging_product", "metadata", "display_phone_number", "timestamp", "type"];
  const changed = Object.keys(value).filter((key) => !beside.includes(key));
  const names = changed.slice(0, MAX_SETTINGS).flatMap((key) => shortTextOf(key) ?? []);
  const { phone_number_id: _, ...ofNumber } = objectOf(value.phone_number_settings);
  const restrictions = parseRestrictions(objectOf(objectOf(ofNumber.calling).restrictions).restrictions_list);
  const settings = settingsOf(ofNumber, "").slice(0, MAX_SETTINGS);
  const limits = restrictions.map(({ restriction }) => `restriction: ${plainWords(restriction)}`);
  const shown = settings.length + limits.length > 0 ? [...settings, ...limits] : names.map(plainWords);
  const advice = remediesOf(restrictions);
  return {
    kind: "numberSettings",
    severity: restrictions.length > 0 ? severityOfRestrictions(restrictions) : "info",
    title: `The settings of number ${named(value)} were changed${shown.length > 0 ? `: ${shown.join(", ")}` : ""}${advice ? `. ${advice}` : ""}.`,
    at,
    subject: numberOfValue(value),
    detail: { changed: names, settings, restrictions },
  };
}

/** Each setting with the names that lead to it; what is in a list is left out. */
function settingsOf(settings: JsonObject, path: string): string[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const name = `${path}${plainWords(key)}`;
    if (isObject(value)) return settingsOf(value, `${name} `);
    const text = typeof value === "boolean" ? String(value) : (shortTextOf(value) ?? idOf(value));
    return text === null ? [] : (shortTextOf(`${name}: ${text}`) ?? []);
  });
}

/** The number that a value speaks of, wherever it stands. */
export function numberOfValue(value: JsonObject): NumberSubject {
  const { metadata, recipient, phone_number_settings, phone_number } = value;
  const places = [value, metadata, recipient, phone_number_settings].map(objectOf);
  const shown = places.map(({ display_phone_number }) => idOf(display_phone_number));
  return { type: "phoneNumber", phoneNumber: shown.find((one) => one !== null) ?? idOf(phone_number) };
}

function named(value: JsonObject): string {
  const id = phoneNumberIdOf(value);
  return numberOfValue(value).phoneNumber ?? (id === null ? "(not named)" : `with ID ${id}`);
}

/** `TIER_2K`, or a count; Meta's samples have both. */
export function limitOf(value: unknown): string | null {
  return shortTextOf(value) ?? (typeof value === "number" ? String(value) : idOf(value));
}

/** `TIER_2K` as a person writes it, after `before`; empty where no limit is set. */
export function limitText(limit: string | null, before: string): string {
  const [, count, thousands] = /^(?:TIER_)?(\d+)(K?)$/.exec(limit ?? "") ?? [];
  if (count) return `${before}${(Number(count) * (thousands ? 1_000 : 1)).toLocaleString("en")} people a day`;
  if (limit === null || limit === "TIER_NOT_SET") return "";
  return `${before}${limit === "-1" ? "unlimited" : plainWords(limit.replace(/^TIER_/, ""))}`;
}

function reasonOf(value: unknown): string | null {
  const reason = shortTextOf(value);
  return reason === "NONE" ? null : reason;
}
