import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isReadOnly, isTransient, sqlState } from "../db/client.ts";
import { AppError, type FieldError, type ProblemCode } from "../errors.ts";
import { errorName, log } from "../log.ts";
import type { HttpEnv } from "./http-env.ts";

/**
 * Turns whatever was thrown into a problem document (RFC 9457). What the caller can mend says so; a bug says nothing but
 * the request's id, for its text may hold anything.
 */
export function toProblem(error: unknown, c: Context<HttpEnv>): Response {
  const refusal = asAppError(error);
  const { status, code } = refusal;
  if (status >= 500) {
    const { requestId } = c.var;
    log("request_failed", {
      requestId,
      method: c.req.method,
      code,
      error: errorName(error),
      sqlState: sqlState(error),
    });
  }
  const { retryAfter, isReplay, ...members } = refusal.members;
  const problem = {
    type: `/docs/problems#${code}`,
    title: refusal.title,
    status,
    code,
    detail: refusal.message,
    instance: c.req.path,
    requestId: c.var.requestId,
    retryable: refusal.retryable,
    ...members,
    ...(retryAfter !== undefined && { retryAfter }),
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (retryAfter !== undefined) headers["retry-after"] = String(retryAfter);
  if (isReplay) headers["idempotency-replayed"] = "true";
  if (status === 401 && code.startsWith("token_")) headers["www-authenticate"] = "Bearer";
  // The table holds statuses that may have a body, and no others.
  return c.body(JSON.stringify(problem), status as ContentfulStatusCode, headers);
}

/** What the validators call: throws, naming each field that is wrong by its JSON pointer (RFC 6901). */
export function refuseInvalid(
  result: { success: true } | { success: false; error: Invalid; target: string },
): void {
  if (result.success) return;
  throw invalidRequest(result.error.issues.flatMap(toFieldErrors));
}

function invalidRequest(errors: FieldError[]): AppError {
  const named = errors.map(({ pointer, detail }) => `${pointer || "the body"}: ${detail}`);
  return new AppError("invalid_request", named.join("; "), { errors });
}

type Issue = { path: PropertyKey[]; code?: string | undefined; message: string; keys?: string[] };
type Invalid = { issues: Issue[] };

function toFieldErrors({ path, code = "invalid", message, keys }: Issue): FieldError[] {
  const at = path.map(toPointer).join("");
  // A field that we do not know is named itself, not the object it stands in.
  if (keys)
    return keys.map((key) => ({ pointer: at + toPointer(key), code, detail: "There is no such field." }));
  return [{ pointer: at, code, detail: message }];
}

function toPointer(part: PropertyKey): string {
  return `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException) return ofFramework(error);
  if (isReadOnly(error))
    return new AppError("unavailable", "Nothing can be written just now.", { retryAfter: 5 });
  if (isTransient(error))
    return new AppError("unavailable", "The database cannot be reached, or is busy.", { retryAfter: 5 });
  return new AppError("internal", "The error has been recorded under this request id.");
}

const codesOfStatus: Record<number, ProblemCode> = {
  404: "not_found",
  413: "too_large",
  415: "unsupported_media_type",
};

/** What the framework refuses by itself is bad input, in words of its own that name no secret: broken JSON, mostly. */
function ofFramework(error: HTTPException): AppError {
  const code = codesOfStatus[error.status];
  if (code) return new AppError(code, error.message);
  if (error.status >= 500)
    return new AppError("internal", "The error has been recorded under this request id.");
  return invalidRequest([{ pointer: "", code: "malformed", detail: error.message }]);
}
