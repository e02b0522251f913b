import { createMiddleware } from "hono/factory";
import { AppError } from "../errors.ts";
import { readBoundedBody } from "./bounded-body.ts";
import type { HttpEnv } from "./http-env.ts";

const JSON_LIMIT_BYTES = 256 * 1024;
/** What is no JSON, and has limits of its own. */
const OTHERS = ["/api/waba/webhook", "/api/waba/media"];

/**
 * What holds for every body but Meta's and files: JSON, said to be JSON, and of a size that people write. An empty body is none.
 * Throws `unsupported_media_type`, `too_large`.
 */
export const requireJsonBody = createMiddleware<HttpEnv>(async (c, next) => {
  if (OTHERS.includes(c.req.path) || c.req.raw.body === null) return await next();
  const announced = Number(c.req.header("content-length"));
  // HTTP ends a body at its announced length, so one that is announced as small need not be read here.
  if (announced > 0 && announced <= JSON_LIMIT_BYTES) {
    refuseOtherTypes(c.req.header("content-type"));
    return await next();
  }
  const body = await readBoundedBody(c.req.raw, JSON_LIMIT_BYTES);
  if (body.length > 0) refuseOtherTypes(c.req.header("content-type"));
  c.req.raw = new Request(c.req.raw, { body });
  await next();
});

function refuseOtherTypes(contentType = ""): void {
  if (/^application\/json\s*(;|$)/i.test(contentType)) return;
  throw new AppError("unsupported_media_type", "Send Content-Type: application/json.");
}
