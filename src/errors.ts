import type { Finding } from "./domain/check.ts";

type Problem = { status: number; title: string; retryable: boolean };

/**
 * Every problem code of the API: its HTTP status, its title, and whether the same request, with the same Idempotency-Key, may
 * succeed later. `meta_refused` is 422 when the caller can fix the request, 502 when an admin or Meta has to act.
 */
export const problems = {
  invalid_request: { status: 400, title: "Invalid request", retryable: false },
  invalid_cursor: { status: 400, title: "Invalid cursor", retryable: false },
  token_missing: { status: 401, title: "No token provided", retryable: false },
  token_invalid: { status: 401, title: "Invalid token", retryable: false },
  token_expired: { status: 401, title: "Token expired", retryable: false },
  signature_invalid: { status: 401, title: "Signature mismatch", retryable: false },
  forbidden: { status: 403, title: "You are not allowed to do this", retryable: false },
  verify_token_mismatch: { status: 403, title: "Verify token mismatch", retryable: false },
  not_found: { status: 404, title: "Not found", retryable: false },
  method_not_allowed: { status: 405, title: "Method not allowed", retryable: false },
  window_closed: {
    status: 409,
    title: "The customer service window is closed",
    retryable: false,
  },
  marketing_stopped: { status: 409, title: "The customer opted out of marketing messages", retryable: false },
  chat_moved_on: { status: 409, title: "Another agent has replied in this chat", retryable: false },
  idempotency_in_progress: {
    status: 409,
    title: "A request with this Idempotency-Key is in progress",
    retryable: true,
  },
  message_not_open: {
    status: 409,
    title: "This message cannot be resent or discarded",
    retryable: false,
  },
  contacts_not_mergeable: { status: 409, title: "These contacts cannot be merged", retryable: false },
  merge_not_open: { status: 409, title: "This merge cannot be undone", retryable: false },
  media_pending: { status: 409, title: "The file is not available yet", retryable: true },
  media_not_open: { status: 409, title: "This file cannot be fetched again", retryable: false },
  event_in_progress: { status: 409, title: "This event is being stored", retryable: true },
  number_taken: { status: 409, title: "This phone number ID is already connected", retryable: false },
  phone_disconnected: { status: 409, title: "This phone is disconnected", retryable: false },
  log_expired: {
    status: 410,
    title: "These events are no longer available: reload the chat",
    retryable: false,
  },
  media_gone: { status: 410, title: "The file is no longer available", retryable: false },
  length_required: { status: 411, title: "Content-Length required", retryable: false },
  stale_version: { status: 412, title: "The resource has changed since you read it", retryable: false },
  too_large: { status: 413, title: "Request too large", retryable: false },
  unsupported_media_type: { status: 415, title: "Unsupported content type", retryable: false },
  range_not_satisfiable: { status: 416, title: "Range not satisfiable", retryable: false },
  idempotency_key_reused: {
    status: 422,
    title: "Idempotency-Key reused with a different request",
    retryable: false,
  },
  checks_failed: { status: 422, title: "The number did not pass its checks", retryable: false },
  meta_refused: { status: 422, title: "Meta rejected the request", retryable: false },
  rate_limited: { status: 429, title: "Too many requests", retryable: true },
  internal: { status: 500, title: "Internal error", retryable: false },
  not_durable: { status: 503, title: "Webhook not stored", retryable: true },
  unavailable: { status: 503, title: "Temporarily unavailable", retryable: true },
} as const satisfies Record<string, Problem>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[];

/** One invalid field of the request: a JSON pointer to it (RFC 6901), the violated rule, and a sentence for people. */
export type FieldError = { pointer: string; code: string; detail: string };

/** Meta's own error, for admins and for Meta's support. */
export type MetaRefusal = {
  code: number | null;
  subcode: number | null;
  details: string | null;
  fbtraceId: string | null;
};

/** Optional members of the problem document. `status`, `title` and `retryable` override the table. */
export type ProblemMembers = {
  status?: number;
  title?: string;
  retryable?: boolean;
  errors?: FieldError[];
  meta?: MetaRefusal;
  /** Why Meta refused, as a message's error names it. */
  reason?: string;
  messageId?: number;
  chatId?: number;
  /** Templates to send instead. */
  templates?: { name: string; language: string; category: string | null }[];
  /** What failed, as the checks found it: `problem.ts` describes it. */
  findings?: Finding[];
  /** With chat_moved_on: colleagues' messages that the sender has not seen, and the chat's last number. */
  unseen?: object[];
  head?: number;
  /** With stale_version of a chat: who has it; null: nobody. */
  assignee?: { id: number; name: string } | null;
  /** The state of a file that cannot be read. */
  mediaState?: string;
  mediaProblem?: string | null;
  /** Seconds. */
  retryAfter?: number;
  /** Repeats the answer to an earlier request with the same key; becomes the header `Idempotency-Replayed`. */
  isReplay?: boolean;
};

/**
 * An error that the caller of the API can fix or should know about; any other error is a bug and becomes `internal`. `message`
 * is the problem's `detail`: it names the field, says what to do, and holds no secret, SQL or data of another organization.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
  readonly members: Omit<ProblemMembers, "status" | "title" | "retryable">;

  constructor(code: ProblemCode, message: string, members: ProblemMembers = {}) {
    super(message);
    const { status, title, retryable, ...rest } = members;
    this.code = code;
    this.status = status ?? problems[code].status;
    this.title = title ?? problems[code].title;
    this.retryable = retryable ?? problems[code].retryable;
    this.members = rest;
  }
}

/** `invalid_request` for one field, by its JSON pointer, or with an empty one for the whole body; `code` is the violated rule. */
export function invalidField(pointer: string, detail: string, code = "invalid"): AppError {
  return new AppError("invalid_request", detail, { errors: [{ pointer, code, detail }] });
}
