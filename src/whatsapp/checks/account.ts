import { type CheckFix, type Finding, finding, maskId } from "../../domain/check.ts";
import { idOf, objectOf, shortTextOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { type Answer, evidenceOf, isNotFound, isVisible, unanswered } from "./answer.ts";

/** The numbers that are shown where the right one is not among them. */
const SHOWN_NUMBERS = 20;

/** C04. `isSwapped`: the account id reads as a number, and the number id as an account. */
export function checkAccount(answer: Answer<JsonObject>, wabaId: string, isSwapped: boolean): Finding {
  const ids = { wabaId: maskId(wabaId) };
  if ("error" in answer) {
    const { error } = answer;
    const evidence = { ...ids, ...evidenceOf(error) };
    if (isSwapped) return finding("C04", "fail", "ids_swapped", { evidence, fixes: [{ kind: "swap_ids" }] });
    if (isNotFound(error)) return finding("C04", "fail", "waba_not_found", { evidence });
    if (isVisible(answer)) return finding("C04", "fail", "waba_other_object", { evidence });
    return unanswered("C04", error);
  }
  const review = shortTextOf(answer.value.account_review_status) ?? "APPROVED";
  const evidence = { ...ids, review };
  if (review === "REJECTED") return finding("C04", "fail", "waba_refused", { evidence });
  if (review === "PENDING" || review === "DEFERRED")
    return finding("C04", "warn", "waba_in_review", { evidence });
  return finding("C04", "pass", "waba_ok", {
    evidence: { ...ids, name: shortTextOf(answer.value.name) ?? "" },
  });
}

/** C05: among the account's numbers. */
export function checkMembership(
  answer: Answer<JsonObject[]>,
  { wabaId, phoneNumberId }: { wabaId: string; phoneNumberId: string },
): Finding {
  if ("error" in answer) return unanswered("C05", answer.error);
  const numbers = answer.value.map(toNumber).filter((number) => number !== null);
  const found = numbers.find((number) => number.wabaPhoneNumberId === phoneNumberId);
  const evidence = {
    wabaId: maskId(wabaId),
    phoneNumberId: maskId(phoneNumberId),
    count: String(numbers.length),
  };
  if (found) return finding("C05", "pass", "number_ok", { evidence: { phoneNumber: found.phoneNumber } });
  if (numbers.length === 0) return finding("C05", "fail", "waba_empty", { evidence });
  const shown = numbers.slice(0, SHOWN_NUMBERS);
  const list = shown.map((one) => `${one.phoneNumber} (${maskId(one.wabaPhoneNumberId)})`).join(", ");
  const fixes = shown.map((number): CheckFix => ({ kind: "use_number", ...number }));
  return finding("C05", "fail", "number_not_found", { evidence: { ...evidence, numbers: list }, fixes });
}

/** C12. `phone`: the number's own answer, for what overrides its address. `ours` says whether an address is ours. */
export function checkSubscription(
  answer: Answer<JsonObject[]>,
  { appId, phone, isOurs }: { appId: string | null; phone: JsonObject; isOurs: (url: string) => boolean },
): Finding {
  if ("error" in answer) return unanswered("C12", answer.error);
  const apps = answer.value.map((app) => ({ app: objectOf(app.whatsapp_business_api_data), raw: app }));
  const own = apps.find(({ app }) => (appId === null ? true : idOf(app.id) === appId));
  if (!own) {
    const others = apps.map(({ app }) => shortTextOf(app.name) ?? "?").join(", ");
    return finding("C12", "fail", "app_not_subscribed", {
      evidence: { apps: others || "–" },
      fixes: [{ kind: "subscribe" }],
    });
  }
  const { phone_number, whatsapp_business_account } = objectOf(phone.webhook_configuration);
  const overrides = {
    number: phone_number,
    account: own.raw.override_callback_uri ?? whatsapp_business_account,
  };
  for (const [level, value] of Object.entries(overrides)) {
    const url = shortTextOf(value);
    if (url && !isOurs(url))
      return finding("C12", "fail", "callback_overridden", { evidence: { level, url } });
  }
  return finding("C12", "pass", "subscription_ok");
}

type Listed = { wabaPhoneNumberId: string; phoneNumber: string; name: string };

function toNumber(number: JsonObject): Listed | null {
  const wabaPhoneNumberId = idOf(number.id);
  if (!wabaPhoneNumberId) return null;
  return {
    wabaPhoneNumberId,
    phoneNumber: shortTextOf(number.display_phone_number) ?? "",
    name: shortTextOf(number.verified_name) ?? "",
  };
}
