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
  15: { title: "This method must be called with an app access_token." },
  33: { title: "Parameter value is not valid" },
  100: { title: "Invalid parameter" },
  104: { title: "An access token is required to request this resource", status: 401 },
  190: { title: "Invalid OAuth access token", status: 401 },
  200: { title: "API Permission", status: 403 },
  2200: { title: "Callback verification failed" },
  2201: { title: "response does not match challenge" },
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
  133005: { title: "Two step verification PIN Mismatch" },
  133006: { title: "Phone number re-verification needed" },
  133009: { title: "Too many two step verification attempts" },
  133010: { title: "Phone number not registered" },
  133016: { title: "Account register deregister rate limit exceeded" },
  136024: { title: "Request code error" },
  139000: { title: "Blocked by Integrity" },
  139001: { title: "Updating attempt failed" },
  139003: { title: "Deleting attempt failed" },
  2593107: { title: "Synchronization request limit exceeded" },
  136025: { title: "Verify code error" },
};

type RefusalParts = {
  details?: string | null;
  subcode?: number | null;
  /** Instead of the code with its title. */
  message?: string;
  /** `error.type`. */
  type?: "OAuthException" | "GraphMethodException";
  /** The texts that Meta shows to people. */
  userTitle?: string;
  userMessage?: string;
};

/** Thrown to refuse a call; `graph.ts` turns it into the response. The second argument may be only the details. */
export class GraphRefusal extends Error {
  readonly code: number;
  readonly status: number;
  readonly subcode: number | null;
  readonly parts: RefusalParts;

  constructor(code: number, parts: RefusalParts | string | null = null, subcode: number | null = null) {
    const all = typeof parts === "string" ? { details: parts, subcode } : { subcode, ...parts };
    super(all.message ?? `(#${code}) ${ERROR_CODES[code]?.title ?? "Error"}`);
    this.code = code;
    this.status = ERROR_CODES[code]?.status ?? 400;
    this.subcode = all.subcode ?? null;
    this.parts = all;
  }
}

/** Graph uses the same error for an object that does not exist and for one that the token may not read. */
export function noSuchObject(id: string, method = "get"): GraphRefusal {
  const message = `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`;
  return new GraphRefusal(100, { message, subcode: 33, type: "GraphMethodException" });
}

/** A field or an edge that this kind of object has not: Graph names the kind that it found. */
export function noSuchField(field: string, nodeType: string): GraphRefusal {
  return new GraphRefusal(100, {
    message: `(#100) Tried accessing nonexisting field (${field}) on node type (${nodeType})`,
  });
}

/** The response body of a refusal. */
export function errorBody({ message, code, subcode, parts }: GraphRefusal): Fields {
  const { details, type = "OAuthException", userTitle, userMessage } = parts;
  return {
    error: {
      message,
      type,
      code,
      ...(details ? { error_data: { messaging_product: "whatsapp", details } } : {}),
      ...(subcode ? { error_subcode: subcode } : {}),
      ...(ERROR_CODES[code]?.isTransient ? { is_transient: true } : {}),
      ...(userTitle ? { error_user_title: userTitle } : {}),
      ...(userMessage ? { error_user_msg: userMessage } : {}),
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
