import type { MessageError } from "../domain/message.ts";
import type { ServiceWindow } from "../domain/service-window.ts";
import { AppError, type ProblemMembers } from "../errors.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { explain, explainFailure, explainNamed, ownerOf } from "../whatsapp/graph-errors.ts";
import { AccessTokenError } from "../whatsapp/sealed-token.ts";

const RATE_LIMIT_RETRY_MS = 60_000;

/**
 * The refusal for a call to Graph that failed: `rate_limited` where Meta refused it before processing, `unavailable` where
 * it may have been done, otherwise `meta_refused`. Any other error comes back as it is.
 */
export function toRefusal(error: unknown): unknown {
  if (error instanceof AccessTokenError) return metaRefused(messageErrorOf(error));
  if (!(error instanceof GraphError)) return error;
  if (error.outcome === "refused") {
    const retryAfter = Math.ceil((error.retryAfterMs ?? RATE_LIMIT_RETRY_MS) / 1000);
    return new AppError("rate_limited", "Meta is limiting the calls of this account. Wait, then try again.", {
      retryAfter,
    });
  }
  if (error.outcome === "unknown") {
    const detail =
      "Meta did not confirm the call, so it may have been carried out. Check before you repeat it.";
    return new AppError("unavailable", detail, { retryAfter: 5 });
  }
  return metaRefused(messageErrorOf(error), {}, error.subcode);
}

/** `meta_refused`: 422 where the agent or the caller can fix it, 502 where an admin or Meta must. */
export function metaRefused(
  { code, title, advice, detail, metaCode, fbtraceId }: MessageError,
  members: ProblemMembers = {},
  subcode: number | null = null,
): AppError {
  const owner = ownerOf(code);
  const reason = metaCode === null ? detail : detail && `Meta says: ${detail}`;
  return new AppError("meta_refused", reason ? `${advice} ${reason}` : advice, {
    title,
    status: owner === "agent" || owner === "developers" ? 422 : 502,
    reason: code,
    ...(metaCode !== null && { meta: { code: metaCode, subcode, details: detail, fbtraceId } }),
    ...members,
  });
}

/** Why a message was not sent, when it is not retried any more. `window`: that of its chat, when it was sent. */
export function failureOf(error: GraphError, window: ServiceWindow): MessageError {
  const { code, subcode, object } = error;
  const failed = messageErrorOf(error);
  if (code === null) return failed;
  const { name, title, advice } = explainFailure(code, subcode, window, object);
  return { ...failed, code: name, title, advice };
}

/** Why a call to Graph failed, as a message shows it. Without Meta's code, the error's own text is the detail. */
export function messageErrorOf(error: GraphError | AccessTokenError): MessageError {
  if (error instanceof AccessTokenError) {
    const { name, title, advice } =
      error.fault === "disconnected" ? explainNamed("phone_disconnected") : explain(190);
    return { code: name, title, advice, metaCode: null, detail: error.message, fbtraceId: null };
  }
  const { code, subcode, object, details, fbtraceId, message } = error;
  const { name, title, advice } =
    code === null ? explainNamed("other") : explain(code, subcode, "unopened", object);
  const detail = details ?? (code === null ? message : null);
  return { code: name, title, advice, metaCode: code, detail, fbtraceId };
}
