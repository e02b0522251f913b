type Problem = { status: number; title: string; retryable: boolean };

/**
 * Every code that the API may answer with: its HTTP status, its title for people, and whether the same request, with
 * the same key, may succeed later. `meta_refused` is 422 when the caller can mend it, 502 when an admin or Meta must.
 */
export const problems = {
  invalid_request: { status: 400, title: "The request is not valid", retryable: false },
  invalid_cursor: { status: 400, title: "The cursor is not valid for this list", retryable: false },
  token_missing: { status: 401, title: "Sign in first", retryable: false },
  token_invalid: { status: 401, title: "The token is not valid", retryable: false },
  token_expired: { status: 401, title: "The token has expired", retryable: false },
  signature_invalid: { status: 401, title: "The signature does not match the body", retryable: false },
  forbidden: { status: 403, title: "This is not allowed for you", retryable: false },
  verify_token_mismatch: { status: 403, title: "The verify token does not match", retryable: false },
  not_found: { status: 404, title: "There is no such thing", retryable: false },
  method_not_allowed: { status: 405, title: "This method is not allowed here", retryable: false },
  window_closed: {
    status: 409,
    title: "24 hours have passed since the customer's last message",
    retryable: false,
  },
  marketing_stopped: { status: 409, title: "The customer wants no marketing", retryable: false },
  chat_moved_on: { status: 409, title: "A colleague has written in this chat meanwhile", retryable: false },
  idempotency_in_progress: {
    status: 409,
    title: "The first request with this key still runs",
    retryable: true,
  },
  message_not_open: {
    status: 409,
    title: "There is nothing to decide about this message",
    retryable: false,
  },
  contacts_not_mergeable: { status: 409, title: "These contacts cannot be made one", retryable: false },
  merge_not_open: { status: 409, title: "This merge cannot be taken back", retryable: false },
  media_pending: { status: 409, title: "The file is not here yet", retryable: true },
  media_not_open: { status: 409, title: "There is nothing to fetch again", retryable: false },
  number_taken: { status: 409, title: "This phone number ID is connected already", retryable: false },
  log_expired: { status: 410, title: "The log does not reach back that far: load afresh", retryable: false },
  media_gone: { status: 410, title: "The file is not to be had any more", retryable: false },
  length_required: { status: 411, title: "Say how long the file is", retryable: false },
  stale_version: { status: 412, title: "Somebody has changed this meanwhile", retryable: false },
  too_large: { status: 413, title: "The body is too large", retryable: false },
  unsupported_media_type: { status: 415, title: "This content type is not supported", retryable: false },
  range_not_satisfiable: { status: 416, title: "The file has no such part", retryable: false },
  idempotency_key_reused: { status: 422, title: "This key was used with another body", retryable: false },
  meta_refused: { status: 422, title: "Meta refused the request", retryable: false },
  rate_limited: { status: 429, title: "Too many requests", retryable: true },
  internal: { status: 500, title: "Something went wrong here", retryable: false },
  not_durable: { status: 503, title: "Nothing could be stored: try again", retryable: true },
  unavailable: { status: 503, title: "A part of the system cannot be reached: try again", retryable: true },
} as const satisfies Record<string, Problem>;

export type ProblemCode = keyof typeof problems;

/** One fault of the request: where (a JSON pointer, RFC 6901), which rule, and the sentence for people. */
export type FieldError = { pointer: string; code: string; detail: string };

/** What Meta said when it refused: shown to admins, and needed by Meta's support. */
export type MetaRefusal = {
  code: number | null;
  subcode: number | null;
  details: string | null;
  fbtraceId: string | null;
};

/** The further members of the problem document, where they apply; `status`, `title` and `retryable` replace the table's. */
export type ProblemMembers = {
  status?: number;
  title?: string;
  retryable?: boolean;
  errors?: FieldError[];
  meta?: MetaRefusal;
  messageId?: number;
  chatId?: number;
  /** What may be sent instead. */
  templates?: { name: string; language: string; category: string | null }[];
  /** Of a file that cannot be read: where it stands, and why. */
  mediaState?: string;
  mediaProblem?: string | null;
  /** In seconds. */
  retryAfter?: number;
  /** The same request was refused before, with this answer. Told in a header. */
  isReplay?: boolean;
};

/**
 * What the caller of the API can mend or should know; everything else is a bug and becomes `internal`. `message` is the
 * problem's `detail`: a sentence for people, without secrets, SQL or another organization's data.
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
