import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isReadOnly, isSchemaMismatch, isTransient, sqlState } from "../db/client.ts";
import { describeAll } from "../domain/check-texts.ts";
import { AppError, type FieldError, type ProblemCode } from "../errors.ts";
import { errorName, log } from "../log.ts";
import type { HttpEnv } from "./http-env.ts";

/** The request that an error answers. `language`: its Accept-Language. */
type Failed = { requestId: string; method: string; path: string; language: string | undefined };

/**
 * The problem document of an error (RFC 9457). An AppError is answered as it is. Any other error is a bug: it is logged,
 * and the answer has only the request id, since its text may contain anything.
 */
export function problemOf(error: unknown, { requestId, method, path, language }: Failed) {
  const refusal = asAppError(error);
  const { status, code } = refusal;
  if (status >= 500) {
    log("request_failed", { requestId, method, code, error: errorName(error), sqlState: sqlState(error) });
  }
  const { retryAfter, isReplay, findings, ...members } = refusal.members;
  const problem = {
    type: `/docs/problems#${code}`,
    title: refusal.title,
    status,
    code,
    detail: refusal.message,
    instance: path,
    requestId,
    retryable: refusal.retryable,
    ...members,
    ...(findings && { checks: describeAll(findings, language) }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (retryAfter !== undefined) headers["retry-after"] = String(retryAfter);
  if (isReplay) headers["idempotency-replayed"] = "true";
  if (status === 401 && code.startsWith("token_")) headers["www-authenticate"] = "Bearer";
  return { status, headers, body: JSON.stringify(problem) };
}

/** The same as Hono's answer to a request. */
export function toProblem(error: unknown, c: Context<HttpEnv>): Response {
  const { requestId } = c.var;
  const { method, path } = c.req;
  const language = c.req.header("accept-language");
  const { status, headers, body } = problemOf(error, { requestId, method, path, language });
  // Every status of `problems` may have a body.
  return c.body(body, status as ContentfulStatusCode, headers);
}

/** The validators' hook: throws `invalid_request`, with a JSON pointer (RFC 6901) to each wrong field. */
export function refuseInvalid(
  result: { success: true } | { success: false; error: Invalid; target: string },
): void {
  if (result.success) return;
  throw invalidRequest(result.error.issues.flatMap(toFieldErrors), result.target);
}

function invalidRequest(errors: FieldError[], target: string): AppError {
  const whole = target === "query" ? "the query" : "the body";
  const named = errors.map(({ pointer, detail }) => `${pointer || whole}: ${detail}`);
  return new AppError("invalid_request", named.join("; "), { errors });
}

type Issue = { path: PropertyKey[]; code?: string | undefined; message: string; keys?: string[] };
type Invalid = { issues: Issue[] };

function toFieldErrors({ path, code = "invalid", message, keys }: Issue): FieldError[] {
  const at = path.map(toPointer).join("");
  // For an unknown field, zod's path is that of the object: point to the field itself.
  if (keys) return keys.map((key) => ({ pointer: at + toPointer(key), code, detail: "Unknown field." }));
  return [{ pointer: at, code, detail: message }];
}

function toPointer(part: PropertyKey): string {
  return `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException) return fromHttpException(error);
  if (isReadOnly(error))
    return new AppError("unavailable", "The database accepts no writes right now. Try again.", {
      retryAfter: 5,
    });
  if (isTransient(error))
    return new AppError("unavailable", "The database is busy or unreachable. Try again.", { retryAfter: 5 });
  if (isSchemaMismatch(error))
    return new AppError(
      "unavailable",
      "The database does not match this version: a migration is running or missing. Try again.",
      { retryAfter: 5 },
    );
  return new AppError(
    "internal",
    "The error is logged under this requestId. Quote it when you report the problem.",
  );
}

const codesOfStatus: Record<number, ProblemCode> = {
  404: "not_found",
  413: "too_large",
  415: "unsupported_media_type",
};

/** Hono's own errors are bad input, mostly malformed JSON. Their messages contain no secrets. */
function fromHttpException(error: HTTPException): AppError {
  const code = codesOfStatus[error.status];
  if (code) return new AppError(code, error.message);
  if (error.status >= 500)
    return new AppError(
      "internal",
      "The error is logged under this requestId. Quote it when you report the problem.",
    );
  return invalidRequest([{ pointer: "", code: "malformed", detail: error.message }], "json");
}
