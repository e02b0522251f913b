import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { AppError } from "../errors.ts";
import { errorName, log } from "../log.ts";
import type { HttpEnv } from "./http-env.ts";

/** The period of the limiter in wrangler.toml: after it the count starts again. */
const RETRY_AFTER_S = 60;

/**
 * Counts invalid tokens and tickets, whichever route refused them. A request with a valid token is never counted, so it is
 * never limited, whatever else comes from the same address.
 */
export const limitFailedAuth = createMiddleware<HttpEnv>(async (c, next) => {
  await next();
  // Hono has turned the error into an answer already; an error thrown here replaces that answer.
  if (c.error instanceof AppError && c.error.code === "token_invalid") await countFailedAuth(c);
});

/**
 * Counts one failed attempt. Throws `rate_limited` when the caller's address made too many. Cloudflare sets the address
 * itself; without one the Worker runs without Cloudflare in front of it, and nothing is counted.
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export async function countFailedAuth(c: Context<HttpEnv>): Promise<void> {
  const address = c.req.header("cf-connecting-ip");
  if (address === undefined || (await isWithinLimit(c, networkOf(address)))) return;
  logAtIntervals(c.var.requestId);
  throw new AppError(
    "rate_limited",
    "Your network sent too many invalid tokens. Wait a minute, then try again.",
    {
      retryAfter: RETRY_AFTER_S,
    },
  );
}

let loggedAtMs = 0;

/** One line a minute and isolate: an attack must not flood the log. */
function logAtIntervals(requestId: string): void {
  if (Date.now() - loggedAtMs < RETRY_AFTER_S * 1_000) return;
  loggedAtMs = Date.now();
  log("access_refused", { requestId, code: "rate_limited" });
}

/** True also when the limiter fails: the request is then refused for its invalid token, as usual. */
async function isWithinLimit(c: Context<HttpEnv>, key: string): Promise<boolean> {
  try {
    return (await c.env.FAILED_AUTH_LIMITER.limit({ key })).success;
  } catch (error) {
    log("request_failed", { requestId: c.var.requestId, code: "limiter", error: errorName(error) });
    return true;
  }
}

/**
 * The key of an address: an IPv4 address as it is; of an IPv6 address the first 64 bits, which are one subscriber's.
 * @internal
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = [head, tail ?? ""].map((part) => part.split(":").filter((group) => group !== ""));
  const [first = [], last = []] = groups;
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0");
  return [...first, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
