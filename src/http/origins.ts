import type { Context } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { readConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import type { HttpEnv } from "./http-env.ts";

/** Fetch's CORS protocol (https://fetch.spec.whatwg.org/#http-cors-protocol). No credentials: pages send their tokens. */
const answerCors = cors({
  // Called only for allowed origins.
  origin: (origin) => origin,
  allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "If-Range",
    "Prefer",
    "Range",
    "X-Request-Id",
  ],
  exposeHeaders: [
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "Retry-After",
    "X-Request-Id",
  ],
  maxAge: 600,
});

/** Lets pages of `ALLOWED_ORIGINS` use the API. Responses to other origins have no CORS headers. */
export const allowConfiguredOrigins = createMiddleware<HttpEnv>(async (c, next) => {
  const { allowedOrigins } = readConfig(c.env);
  const origin = c.req.header("origin");
  if (origin !== undefined && allowedOrigins.includes(origin)) return await answerCors(c, next);
  await next();
  // A cache must not serve one origin's response to another.
  if (allowedOrigins.length > 0 && c.res.status !== 101) c.header("vary", "Origin", { append: true });
});

/** Requires our own origin or one of `ALLOWED_ORIGINS`, for requests that any page can trigger. Throws `forbidden`. */
export function requireAllowedOrigin(c: Context<HttpEnv>): void {
  const origin = c.req.header("origin");
  const allowed = [new URL(c.req.url).origin, ...readConfig(c.env).allowedOrigins];
  if (origin !== undefined && allowed.includes(origin)) return;
  log("access_refused", { requestId: c.var.requestId, code: "foreign_origin" });
  throw new AppError("forbidden", "Pages of this origin are not allowed: add it to ALLOWED_ORIGINS.");
}
