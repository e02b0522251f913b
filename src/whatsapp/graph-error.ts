import { explain, type MetaObject } from "./graph-errors.ts";

/**
 * What is known of a call without a successful response. `refused`: before processing, so it may be retried automatically.
 * `failed`: definitely not done. `unknown`: it may have been done, and is never retried automatically.
 */
export type Outcome = "refused" | "failed" | "unknown";

export type GraphFault = {
  outcome: Outcome;
  /** What was asked for: 33 says that this was not found. */
  object: MetaObject;
  /** Null where Meta has not said one. */
  httpStatus: number | null;
  code: number | null;
  subcode: number | null;
  fbtraceId: string | null;
  details: string | null;
  retryAfterMs: number | null;
};

/** What Meta did to a call. Holds nothing secret: its texts may be logged and, but for `details`, shown to agents. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly outcome: Outcome;
  readonly object: MetaObject;
  readonly httpStatus: number | null;
  readonly code: number | null;
  readonly subcode: number | null;
  readonly fbtraceId: string | null;
  readonly details: string | null;
  readonly retryAfterMs: number | null;

  constructor(message: string, fault: Partial<GraphFault> & Pick<GraphFault, "outcome">) {
    super(message);
    this.outcome = fault.outcome;
    this.object = fault.object ?? "phone";
    this.httpStatus = fault.httpStatus ?? null;
    this.code = fault.code ?? null;
    this.subcode = fault.subcode ?? null;
    this.fbtraceId = fault.fbtraceId ?? null;
    this.details = fault.details ?? null;
    this.retryAfterMs = fault.retryAfterMs ?? null;
  }
}

/**
 * What an answer other than a good one means. Meta's code decides where we know it, whatever the HTTP status: Meta also refuses
 * with 500. Otherwise a 5xx leaves everything open.
 */
export function outcomeOf(httpStatus: number, code: number | null): Outcome {
  const { name, retry } = explain(code);
  if (retry === "automatic") return "refused";
  if (code !== null && retry === "never_blind") return "unknown";
  if (code !== null && name !== "other") return "failed";
  if (httpStatus >= 500 || httpStatus === 408) return "unknown";
  return code !== null || httpStatus >= 400 ? "failed" : "unknown";
}
