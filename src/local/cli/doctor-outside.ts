import { randomInt } from "node:crypto";
import { checkAddress, checkHandshake, type Got } from "../../domain/address-checks.ts";
import { type Finding, finding } from "../../domain/check.ts";
import { verificationQuery } from "../../whatsapp/challenge.ts";

const LIMIT_MS = 10_000;
/** More than any challenge or refusal has. */
const BODY_LIMIT = 10_000;

/** C09, with a plain HTTP client. A private address is not even asked. */
export async function probeAddress(url: string): Promise<Finding> {
  const { hostname = "" } = URL.parse(url) ?? {};
  const isLocalMode = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  const unasked = checkAddress(url, null, isLocalMode);
  if (unasked.code !== "address_unreachable") return unasked;
  return checkAddress(url, await get(`${url}/healthz`), isLocalMode);
}

/** C10, as Meta asks; without a known verify token only that something of ours refuses a wrong one. */
export async function probeHandshake(url: string, verifyToken: string | null): Promise<Finding> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
  const ask = (token: string) => get(`${url}/api/waba/webhook?${verificationQuery(token, challenge)}`);
  const wrong = await ask("a-token-that-nobody-has-chosen");
  if (verifyToken === null) {
    const isRefused = wrong?.status === 403 && wrong.contentType.includes("application/problem+json");
    if (isRefused) return finding("C10", "skip", "handshake_token_unknown");
    return checkHandshake({ challenge, right: wrong, wrong: null });
  }
  return checkHandshake({ challenge, right: await ask(verifyToken), wrong });
}

/** Redirects are not followed: Meta does not either. Null when there is no answer. */
async function get(url: string): Promise<Got | null> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
    const body = (await answer.text()).slice(0, BODY_LIMIT);
    return { status: answer.status, contentType: answer.headers.get("content-type") ?? "", body };
  } catch {
    return null;
  }
}
