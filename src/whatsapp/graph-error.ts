import { graphErrors } from "./graph-errors.ts";

/**
 * What is known of a call without a successful response. `refused`: before processing, so it may be retried automatically.
 * `failed`: definitely not done. `unknown`: it may have been done, and is never retried automatically.
 */
export type Outcome = "refused" | "failed" | "unknown";

export type GraphFault = {
  outcome: Outcome;
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
  readonly httpStatus: number | null;
  readonly code: number | null;
  readonly subcode: number | null;
  readonly fbtraceId: string | null;
  readonly details: string | null;
  readonly retryAfterMs: number | null;

  constructor(message: string, fault: Partial<GraphFault> & Pick<GraphFault, "outcome">) {
    super(message);
    this.outcome = fault.outcome;
    this.httpStatus = fault.httpStatus ?? null;
    this.code = fault.code ?? null;
    this.subcode = fault.subcode ?? null;
    this.fbtraceId = fault.fbtraceId ?? null;
    this.details = fault.details ?? null;
    this.retryAfterMs = fault.retryAfterMs ?? null;
  }
}

const REFUSED: readonly number[] = [
  ...graphErrors.recipient_rate_limited.codes,
  ...graphErrors.number_rate_limited.codes,
  ...graphErrors.request_limit_reached.codes,
];
const UNKNOWN: readonly number[] = graphErrors.meta_in_trouble.codes;

/** What an answer other than a good one means. A 5xx leaves everything open, whatever code it carries. */
export function outcomeOf(httpStatus: number, code: number | null): Outcome {
  if (httpStatus >= 500 || httpStatus === 408) return "unknown";
  if (code === null) return httpStatus >= 400 ? "failed" : "unknown";
  if (REFUSED.includes(code)) return "refused";
  return UNKNOWN.includes(code) ? "unknown" : "failed";
}
