import type { CheckId, Finding } from "../../domain/check.ts";
import { GraphError } from "../graph-error.ts";
import { explain } from "../graph-errors.ts";
import { isOfAnotherKind } from "../graph-response.ts";

/** What Graph answered to one of the checks' reads. */
export type Answer<Value> = { value: Value } | { error: GraphError };

/** Keeps what Graph refused; any other error is a bug and thrown. */
export async function answerOf<Value>(call: Promise<Value>): Promise<Answer<Value>> {
  try {
    return { value: await call };
  } catch (error) {
    if (error instanceof GraphError) return { error };
    throw error;
  }
}

/** Meta's code, subcode and text, for an admin. */
export function evidenceOf({ code, subcode, details, fbtraceId, message }: GraphError) {
  return {
    metaCode: code === null ? "" : subcode === null ? String(code) : `${code}/${subcode}`,
    meta: details ?? message,
    ...(fbtraceId !== null && { fbtraceId }),
  };
}

/** Graph knows no such object, or does not show it to this token: it says the same for both. */
export function isNotFound(error: GraphError): boolean {
  return (
    explain(error.code, error.subcode).name === "phone_number_not_found" && !isOfAnotherKind(error.details)
  );
}

/** Graph shows the object, or complains only of a field that this kind of object has not. */
export function isVisible(answer: Answer<unknown>): boolean {
  return "value" in answer || isOfAnotherKind(answer.error.details);
}

/** For a read that says nothing of the number itself: the token died meanwhile, or Meta is away or limits us. */
export function unanswered(id: CheckId, error: GraphError): Finding {
  const { name } = explain(error.code, error.subcode);
  const code = name === "access_token_invalid" ? "token_invalid" : "meta_unreachable";
  return { id, status: "fail", code, evidence: evidenceOf(error), fixes: [] };
}
