import type { Notice, Severity } from "../../domain/notice.ts";
import { idOf, shortTextOf, timeOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { plainWords } from "./title.ts";

const FLOW_STATUS: Record<string, Severity> = { THROTTLED: "warning", BLOCKED: "critical" };

/** Field `flows`: a form's state, or alerts about its errors, its endpoint's answers and how long they take. */
export function parseFlow(value: JsonObject, at: string | null): Notice {
  const [event, message] = [shortTextOf(value.event), shortTextOf(value.message)];
  const [previous, status] = [shortTextOf(value.old_status), shortTextOf(value.new_status)];
  const changed = event === "FLOW_STATUS_CHANGE";
  const known = status !== null && Object.hasOwn(FLOW_STATUS, status) ? FLOW_STATUS[status] : undefined;
  const details = [plainWords(event), status].filter(Boolean).join(", ");
  const title = message ?? `Form ${idOf(value.flow_id) ?? ""}: ${details}.`;
  return {
    kind: "flow",
    severity: known ?? (changed ? "info" : "warning"),
    title: title,
    at,
    subject: { type: "flow", flowId: idOf(value.flow_id) },
    detail: { event, message, previous, status },
  };
}

/** Field `payment_configuration_update`. */
export function parsePaymentConfiguration(value: JsonObject, at: string | null): Notice {
  const [name, status] = [shortTextOf(value.configuration_name), shortTextOf(value.status)];
  return {
    kind: "paymentConfiguration",
    severity: status === "Active" ? "info" : "warning",
    title: `Payment configuration "${name ?? ""}": ${plainWords(status)}.`,
    at: timeOf(value.updated_timestamp) ?? timeOf(value.created_timestamp) ?? at,
    subject: { type: "paymentConfiguration", name },
    detail: {
      provider: shortTextOf(value.provider_name),
      providerAccount: shortTextOf(value.provider_mid),
      status,
    },
  };
}

/** Field `partner_solutions`. */
export function parsePartnerSolution(value: JsonObject, at: string | null): Notice {
  const [event, status] = [shortTextOf(value.event), shortTextOf(value.solution_status)];
  return {
    kind: "partnerSolution",
    severity: "info",
    title: `The partner solution ${idOf(value.solution_id) ?? ""} is ${plainWords(status)}.`,
    at,
    subject: { type: "solution", solutionId: idOf(value.solution_id) },
    detail: { event, status },
  };
}
