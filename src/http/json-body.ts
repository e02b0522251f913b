import { createMiddleware } from "hono/factory";
import { AppError } from "../errors.ts";
import { readBoundedBody } from "./bounded-body.ts";
import type { HttpEnv } from "./http-env.ts";

const JSON_LIMIT_BYTES = 256 * 1024;
/** Routes whose bodies are not JSON and have their own limits. */
const EXEMPT_PATHS = ["/api/waba/webhook", "/api/waba/webhook/", "/api/waba/media"];

/**
 * Requires every body, except Meta's and files, to be declared as JSON and to stay below the limit. An empty body counts as
 * no body. Throws `unsupported_media_type`, `too_large`.
 */
export const requireJsonBody = createMiddleware<HttpEnv>(async (c, next) => {
  if (EXEMPT_PATHS.includes(c.req.path) || c.req.raw.body === null) return await next();
  refuseCodings(c.req.header("content-encoding"));
  const declared = Number(c.req.header("content-length"));
  // HTTP ends a body at its declared length, so a body that declares a small one need not be read here.
  if (declared > 0 && declared <= JSON_LIMIT_BYTES) {
    refuseOtherTypes(c.req.header("content-type"));
    return await next();
  }
  const body = await readBoundedBody(c.req.raw, JSON_LIMIT_BYTES);
  if (body.length > 0) refuseOtherTypes(c.req.header("content-type"));
  c.req.raw = new Request(c.req.raw, { body });
  await next();
});

/** RFC 9110 §15.5.16 uses 415 for codings too. Nothing is decompressed: a small body could become a huge one. */
function refuseCodings(coding = "identity"): void {
  if (coding.trim().toLowerCase() === "identity") return;
  throw new AppError("unsupported_media_type", "Send the body uncompressed, without Content-Encoding.");
}

function refuseOtherTypes(contentType = ""): void {
  if (/^application\/json\s*(;|$)/i.test(contentType)) return;
  throw new AppError("unsupported_media_type", "Send the body as JSON, with Content-Type: application/json.");
}
