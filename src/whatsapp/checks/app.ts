import { type Finding, finding } from "../../domain/check.ts";
import type { GraphError } from "../graph-error.ts";
import { listOf, objectOf, shortTextOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { type Answer, evidenceOf, unanswered } from "./answer.ts";

/** Without these, people change their number, templates are paused and accounts restricted, and nobody hears of it. */
const USEFUL_FIELDS = [
  "user_id_update",
  "message_template_status_update",
  "account_update",
  "phone_number_quality_update",
];

/** C08. One answer for each of the app secrets, in their order. */
export function checkAppSecret(answers: readonly Answer<unknown>[]): Finding {
  if (answers.length === 0) return finding("C08", "fail", "secret_missing");
  const matching = answers.findIndex((answer) => "value" in answer);
  if (matching >= 0) {
    const which = answers.length === 1 ? "" : ` (${matching + 1}/${answers.length})`;
    return finding("C08", "pass", "secret_ok", { evidence: { which } });
  }
  const errors = answers.flatMap((answer) => ("error" in answer ? [answer.error] : []));
  const refused = errors.find(isWrongProof);
  if (refused) return finding("C08", "fail", "secret_other_app", { evidence: evidenceOf(refused) });
  return unanswered("C08", errors[0] as GraphError);
}

function isWrongProof({ details }: GraphError): boolean {
  return (details ?? "").includes("appsecret_proof");
}

/** C11, of the app's subscriptions. Null: the app is not known, because `debug_token` does not name it. */
export function checkWebhook(answer: Answer<JsonObject[]> | null, isOurs: (url: string) => boolean): Finding {
  if (answer === null) return finding("C11", "warn", "webhook_unreadable", { evidence: { meta: "" } });
  if ("error" in answer) {
    const { error } = answer;
    if (error.outcome !== "failed") return unanswered("C11", error);
    return finding("C11", "warn", "webhook_unreadable", { evidence: evidenceOf(error) });
  }
  const subscription = answer.value.find(({ object }) => object === "whatsapp_business_account");
  if (!subscription) return finding("C11", "fail", "webhook_not_set");
  const url = shortTextOf(subscription.callback_url) ?? "";
  if (!isOurs(url)) return finding("C11", "fail", "webhook_other_address", { evidence: { url } });
  if (subscription.active === false) return finding("C11", "fail", "webhook_inactive", { evidence: { url } });
  const fields = listOf(subscription.fields).map((field) =>
    typeof field === "string" ? field : String(objectOf(field).name),
  );
  if (!fields.includes("messages")) return finding("C11", "fail", "webhook_without_messages");
  const missing = USEFUL_FIELDS.filter((field) => !fields.includes(field));
  if (missing.length > 0)
    return finding("C11", "warn", "webhook_fields_missing", { evidence: { missing: missing.join(", ") } });
  return finding("C11", "pass", "webhook_ok", { evidence: { url } });
}
