import { type Finding, finding, maskId } from "../../domain/check.ts";
import { integerOf, listOf, objectOf, objectsOf, shortTextOf, timeOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { type Answer, unanswered } from "./answer.ts";

/** The permissions that a token needs. */
const PERMISSIONS = ["whatsapp_business_management", "whatsapp_business_messaging"];

/** C02, of what `debug_token` says. */
export function checkToken(answer: Answer<JsonObject>, now: Date): Finding {
  if ("error" in answer) return unanswered("C02", answer.error);
  const { is_valid, type, expires_at, error } = answer.value;
  const expiresAt = integerOf(expires_at) === 0 ? null : timeOf(expires_at);
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
  if (is_valid !== true || isOver) {
    const meta = shortTextOf(objectOf(error).message) ?? "";
    return finding("C02", "fail", "token_invalid", { evidence: { metaCode: "190", meta } });
  }
  const kind = shortTextOf(type) ?? "";
  const evidence = { kind, ...(expiresAt && { expiresAt: expiresAt.slice(0, 10) }) };
  if (expiresAt) return finding("C02", "warn", "token_expires", { evidence });
  if (kind !== "SYSTEM_USER") return finding("C02", "warn", "token_personal", { evidence });
  return finding("C02", "pass", "token_ok");
}

/**
 * C03, of the same answer. `isPhoneVisible`: the token sees the object of the phone number ID. Then it is the account's id that is
 * wrong where the permissions do not list it: that is for C04 to say.
 */
export function checkPermissions(
  answer: Answer<JsonObject>,
  wabaId: string,
  isPhoneVisible: boolean,
): Finding {
  if ("error" in answer) return unanswered("C03", answer.error);
  const { scopes, granular_scopes } = answer.value;
  // Meta leaves the list out at times: the reads decide then.
  if (!Array.isArray(scopes)) return finding("C03", "warn", "permissions_unknown");
  const missing = PERMISSIONS.filter((permission) => !listOf(scopes).includes(permission));
  if (missing.length > 0)
    return finding("C03", "fail", "permission_missing", { evidence: { missing: missing.join(", ") } });
  const notAssigned = objectsOf(granular_scopes).filter(
    ({ scope, target_ids }) =>
      PERMISSIONS.includes(String(scope)) && Array.isArray(target_ids) && !target_ids.includes(wabaId),
  );
  if (notAssigned.length > 0 && !isPhoneVisible)
    return finding("C03", "fail", "waba_not_assigned", { evidence: { wabaId: maskId(wabaId) } });
  return finding("C03", "pass", "permissions_ok");
}

/** The app that the token belongs to. */
export function appIdOf(answer: Answer<JsonObject>): string | null {
  return "value" in answer ? shortTextOf(answer.value.app_id) : null;
}
