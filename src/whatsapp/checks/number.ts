import { type Finding, finding } from "../../domain/check.ts";
import { objectOf, objectsOf, shortTextOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { type Answer, isNotFound, unanswered } from "./answer.ts";

/** States in which Meta takes no message of the number. */
const BARRED = ["BANNED", "RESTRICTED", "DELETED", "RATE_LIMITED"];
const UNREGISTERED = ["PENDING", "DISCONNECTED", "MIGRATED"];

/** C06. Values of Meta's that we do not know are taken as good: C07 and the sends say what Meta thinks. */
export function checkReadiness(answer: Answer<JsonObject>, phoneNumber: string | null): Finding {
  if ("error" in answer) {
    if (isNotFound(answer.error)) return { ...unanswered("C06", answer.error), code: "number_not_found" };
    return unanswered("C06", answer.error);
  }
  const phone = answer.value;
  const textOf = (field: string) => shortTextOf(phone[field]) ?? "";
  const status = textOf("status");
  const platform = textOf("platform_type");
  const name = textOf("name_status");
  const quality = textOf("quality_rating");
  const shown = textOf("display_phone_number");
  const evidence = { status, platform, name, quality };
  if (BARRED.includes(status)) return finding("C06", "fail", "number_banned", { evidence });
  if (isUnverified(phone)) {
    const fixes = [{ kind: "request_code" }] as const;
    return finding("C06", "fail", "not_verified", { evidence, fixes: [...fixes] });
  }
  if (UNREGISTERED.includes(status) || platform === "NOT_APPLICABLE" || platform === "ON_PREMISE")
    return finding("C06", "fail", "not_registered", { evidence, fixes: [{ kind: "register" }] });
  if (textOf("account_mode") === "SANDBOX") return finding("C06", "warn", "test_number", { evidence });
  if (["DECLINED", "EXPIRED", "NONE", "REJECTED"].includes(name))
    return finding("C06", "warn", "name_not_approved", { evidence });
  if (quality === "RED" || status === "FLAGGED") return finding("C06", "warn", "quality_low", { evidence });
  if (differs(shown, phoneNumber))
    return finding("C06", "warn", "phone_differs", { evidence: { ...evidence, shown } });
  return finding("C06", "pass", "ready_ok", { evidence: { ...evidence, shown } });
}

/** Meta's test number is never verified, and the code of a number that works expires: both send all the same. */
function isUnverified({ code_verification_status, status, account_mode }: JsonObject): boolean {
  if (code_verification_status === "NOT_VERIFIED") return account_mode !== "SANDBOX";
  return code_verification_status === "EXPIRED" && !["CONNECTED", "FLAGGED"].includes(String(status));
}

function differs(shown: string, phoneNumber: string | null): boolean {
  const [theirs, ours] = [shown, phoneNumber ?? ""].map((text) => text.replace(/\D/g, ""));
  return theirs !== "" && ours !== "" && theirs !== ours;
}

/** C07, of number and account: the worst counts, with Meta's own solution. */
export function checkHealth(phone: Answer<JsonObject>, account: Answer<JsonObject>): Finding {
  const read = [phone, account].map((answer) =>
    "value" in answer ? objectOf(answer.value.health_status) : {},
  );
  if ("error" in phone) return unanswered("C07", phone.error);
  const worst = ["BLOCKED", "LIMITED"].find((state) => read.some((one) => one.can_send_message === state));
  if (!worst) return finding("C07", "pass", "health_ok");
  const entities = read.flatMap(({ entities }) => objectsOf(entities));
  const bad = entities.find(({ can_send_message }) => can_send_message === worst);
  const [error = {}] = objectsOf(bad?.errors);
  const evidence = {
    entity: shortTextOf(bad?.entity_type) ?? "",
    metaCode: String(error.error_code ?? ""),
    meta: shortTextOf(error.error_description) ?? "",
    solution: shortTextOf(error.possible_solution) ?? "–",
  };
  return worst === "BLOCKED"
    ? finding("C07", "fail", "health_blocked", { evidence })
    : finding("C07", "warn", "health_limited", { evidence });
}
