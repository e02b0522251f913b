import { randomInt } from "node:crypto";
import * as address from "../../domain/address-checks.ts";
import type { Finding } from "../../domain/check.ts";
import { verificationQuery } from "../../whatsapp/verification-query.ts";

const LIMIT_MS = 10_000;
/** More than any challenge or refusal has. */
const BODY_LIMIT = 10_000;

/** C09, with a plain HTTP client. */
export function probeAddress(url: string): Promise<Finding> {
  return address.probeAddress(url, get);
}

/** C10, as Meta asks; null: the verify token is not known. */
export function probeHandshake(url: string, verifyToken: string | null): Promise<Finding> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
  const ask = (token: string) => get(`${url}/api/waba/webhook?${verificationQuery(token, challenge)}`);
  return address.probeHandshake(ask, { challenge, verifyToken });
}

/** Redirects are not followed: Meta does not either. Null when there is no answer. */
async function get(url: string): Promise<address.Got | null> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
    const body = (await answer.text()).slice(0, BODY_LIMIT);
    return { status: answer.status, contentType: answer.headers.get("content-type") ?? "", body };
  } catch {
    return null;
  }
}
