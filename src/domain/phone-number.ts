import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { isUserId } from "./user-id.ts";

/** Who a message is addressed to, as an agent may type it. */
export type TypedRecipient = { phone: string; userId: null } | { phone: null; userId: string };

/** E.164 has at most 15 digits, none begins with 0 (ITU-T E.164 §6); short ones are left to Meta to judge. */
const PHONE = /^[1-9]\d{4,14}$/;
const TYPED_PHONE = /^\+?[\d\s().\-‐-―]+$/u;

/**
 * Reads what an agent types as `to`: digits with or without `+`, spaces, brackets, dots and hyphens, or Meta's
 * business-scoped user id (BSUID, such as `US.13491208655302741918`), verbatim. Null when it is neither.
 * Nothing is corrected: a `wa_id` is a key, and may differ from the number as it is dialled.
 */
export function parseRecipient(text: string): TypedRecipient | null {
  const trimmed = text.trim();
  if (isUserId(trimmed)) return { phone: null, userId: trimmed };
  if (!TYPED_PHONE.test(trimmed)) return null;
  const phone = trimmed.replace(/\D/g, "");
  return PHONE.test(phone) ? { phone, userId: null } : null;
}

/** For logs: `7916•••4567`, and `US.•••1918` for a BSUID. What is too short to hide anything shows nothing. */
export function maskPhone(phone: string): string {
  if (isUserId(phone))
    return phone.length < 11 ? `${phone.slice(0, 3)}•••` : `${phone.slice(0, 3)}•••${phone.slice(-4)}`;
  return phone.length < 11 ? "•••" : `${phone.slice(0, 4)}•••${phone.slice(-4)}`;
}

/**
 * For people: `+7 916 123 45 67`. What is no phone number of any country is shown as it is.
 * @internal
 */
export function showPhone(phone: string): string {
  if (!/^\d+$/.test(phone)) return phone;
  return parsePhoneNumberFromString(`+${phone}`)?.formatInternational() ?? `+${phone}`;
}
