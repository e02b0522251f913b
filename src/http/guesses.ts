import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { AppError } from "../errors.ts";
import { errorName, log } from "../log.ts";
import type { HttpEnv } from "./env.ts";

/** The period of the limiter in wrangler.toml: by then all is forgotten. */
const RETRY_AFTER_S = 60;

/**
 * Counts the tokens and tickets that were wrong, whichever route refused them. Who holds a good one is never counted, and
 * so never limited, whatever others do from his address.
 */
export const limitGuesses = createMiddleware<HttpEnv>(async (c, next) => {
  await next();
  // Hono has turned what was thrown into an answer; what is thrown here takes its place.
  if (c.error instanceof AppError && c.error.code === "token_invalid") await countGuess(c);
});

/**
 * Counts one guess at a secret. Throws `rate_limited` when there were too many from the caller's address. Cloudflare
 * names the address itself; without one nothing is in front of the Worker, and nothing is counted.
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export async function countGuess(c: Context<HttpEnv>): Promise<void> {
  const address = c.req.header("cf-connecting-ip");
  if (address === undefined || (await isWithinLimit(c, networkOf(address)))) return;
  tellOnceInAWhile(c.var.requestId);
  throw new AppError("rate_limited", "Too many wrong tokens came from your address.", {
    retryAfter: RETRY_AFTER_S,
  });
}

let toldAtMs = 0;

/** An attack must not fill the log: one line a minute and isolate says that it goes on. */
function tellOnceInAWhile(requestId: string): void {
  if (Date.now() - toldAtMs < RETRY_AFTER_S * 1_000) return;
  toldAtMs = Date.now();
  log("access_refused", { requestId, code: "rate_limited" });
}

/** A limiter that fails limits nobody: the guess is refused for what it is all the same. */
async function isWithinLimit(c: Context<HttpEnv>, key: string): Promise<boolean> {
  try {
    return (await c.env.GUESSES.limit({ key })).success;
  } catch (error) {
    log("request_failed", { requestId: c.var.requestId, code: "limiter", error: errorName(error) });
    return true;
  }
}

/** An IPv4 address; of an IPv6 one the first 64 bits, for one subscriber has all that begin with them. */
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
