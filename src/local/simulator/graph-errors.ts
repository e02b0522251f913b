import { randomBytes } from "node:crypto";
import type { Fields } from "./fields.ts";

type ErrorCode = {
  title: string;
  /** The HTTP status, 400 by default. */
  status?: number;
  isTransient?: true;
};

/** The error codes of Meta that this simulator or its faults use. */
const ERROR_CODES: Record<number, ErrorCode> = {
  0: { title: "We were unable to authenticate the app user", status: 401 },
  1: { title: "API Unknown", status: 500 },
  2: { title: "API Service", status: 503, isTransient: true },
  3: { title: "API Method", status: 500 },
  4: { title: "API Too Many Calls", isTransient: true },
  10: { title: "Permission Denied", status: 403 },
  17: { title: "API User Too Many Calls", isTransient: true },
  33: { title: "Parameter value is not valid" },
  100: { title: "Invalid parameter" },
  190: { title: "Invalid OAuth access token", status: 401 },
  200: { title: "API Permission", status: 403 },
  368: { title: "Temporarily blocked for policies violations", status: 403 },
  80007: { title: "Rate limit issues", isTransient: true },
  130429: { title: "Rate limit hit", status: 429 },
  130472: { title: "User's number is part of an experiment" },
  131000: { title: "Something went wrong", status: 500 },
  131005: { title: "Access denied", status: 403 },
  131008: { title: "Required parameter is missing" },
  131009: { title: "Parameter value is not valid" },
  131016: { title: "Service unavailable", status: 503 },
  131021: { title: "Recipient cannot be sender" },
  131026: { title: "Message undeliverable" },
  131030: { title: "Recipient phone number not in allowed list" },
  131031: { title: "Account has been locked", status: 403 },
  131042: { title: "Business eligibility payment issue" },
  131045: { title: "Incorrect certificate", status: 500 },
  131047: { title: "Re-engagement message" },
  131048: { title: "Spam rate limit hit" },
  131049: { title: "Meta chose not to deliver" },
  131050: { title: "User has stopped marketing messages" },
  131051: { title: "Unsupported message type" },
  131052: { title: "Media download error" },
  131053: { title: "Media upload error" },
  131056: { title: "(Business Account, Consumer Account) pair rate limit hit" },
  131057: { title: "Account in maintenance mode", status: 500 },
  132000: { title: "Template Param Count Mismatch" },
  132001: { title: "Template does not exist", status: 404 },
  132015: { title: "Template is Paused" },
  132016: { title: "Template is Disabled" },
  133010: { title: "Phone number not registered" },
};

/** Thrown to refuse a call; `graph.ts` turns it into the response. */
export class GraphRefusal extends Error {
  readonly code: number;
  readonly status: number;
  readonly subcode: number | null;
  readonly details: string | null;

  constructor(code: number, details: string | null = null, subcode: number | null = null) {
    super(`(#${code}) ${ERROR_CODES[code]?.title ?? "Error"}`);
    this.code = code;
    this.status = ERROR_CODES[code]?.status ?? 400;
    this.subcode = subcode;
    this.details = details;
  }
}

/** Graph uses the same error for an object that does not exist and for one that the token may not read. */
export function noSuchObject(id: string): GraphRefusal {
  const message = `Unsupported request: object with ID '${id}' does not exist, or cannot be loaded due to missing permissions`;
  return new GraphRefusal(100, message, 33);
}

/** The response body of a refusal. */
export function errorBody({ message, code, details, subcode }: GraphRefusal): Fields {
  return {
    error: {
      message,
      type: "OAuthException",
      code,
      ...(details ? { error_data: { messaging_product: "whatsapp", details } } : {}),
      ...(subcode ? { error_subcode: subcode } : {}),
      ...(ERROR_CODES[code]?.isTransient ? { is_transient: true } : {}),
      fbtrace_id: `A${randomBytes(16).toString("base64url")}`,
    },
  };
}

/** The item of `errors[]` in a `failed` status. */
export function statusError(code: number): Fields {
  const title = ERROR_CODES[code]?.title ?? "Error";
  const details =
    code === 131047
      ? "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
      : title;
  const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
  return { code, title, message: title, error_data: { details }, href };
}
