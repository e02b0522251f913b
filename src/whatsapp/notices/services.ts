import type { FlowAlert, Notice, Severity } from "../../domain/notice.ts";
import { idOf, numberOf, objectsOf, shortTextOf, timeOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { plainWords } from "./title.ts";

const MAX_ERRORS = 20;
const FLOW_STATUS: Record<string, Severity> = { THROTTLED: "warning", BLOCKED: "critical" };

/**
 * Field `flows`: a form's state, alerts about its errors, its endpoint's answers and how long they take, which also report
 * their end, and a warning that its version expires.
 * https://developers.facebook.com/docs/whatsapp/flows/reference/healthmonitoring/webhooks
 */
export function parseFlow(value: JsonObject, at: string | null): Notice {
  const event = shortTextOf(value.event);
  const message = shortTextOf(value.message) ?? shortTextOf(value.warning);
  const [previous, status] = [shortTextOf(value.old_status), shortTextOf(value.new_status)];
  const flowId = idOf(value.flow_id);
  const alert = flowAlertOf(value);
  const known = status !== null && Object.hasOwn(FLOW_STATUS, status) ? FLOW_STATUS[status] : undefined;
  const details = message ?? [plainWords(event), status].filter(Boolean).join(", ");
  const isOver = alert?.isActive === false;
  const isNamed = flowId !== null && message?.includes(flowId) && !isOver;
  const name = isNamed ? "" : `Form ${flowId ?? "(not named)"}${isOver ? ", alert over" : ""}: `;
  return {
    kind: "flow",
    severity: known ?? (event === "FLOW_STATUS_CHANGE" || isOver ? "info" : "warning"),
    title: `${name}${details}.`,
    at,
    subject: { type: "flow", flowId },
    detail: { event, message, previous, status, alert },
  };
}

function flowAlertOf(value: JsonObject): FlowAlert | null {
  const state = shortTextOf(value.alert_state);
  if (state === null) return null;
  return {
    isActive: state !== "DEACTIVATED",
    threshold: numberOf(value.threshold),
    errorRate: numberOf(value.error_rate),
    availability: numberOf(value.availability),
    p50LatencyMs: numberOf(value.p50_latency),
    p90LatencyMs: numberOf(value.p90_latency),
    requests: numberOf(value.requests_count),
    errors: objectsOf(value.errors, MAX_ERRORS).map(({ error_type, error_rate, error_count }) => ({
      error: shortTextOf(error_type),
      rate: numberOf(error_rate),
      count: numberOf(error_count),
    })),
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
