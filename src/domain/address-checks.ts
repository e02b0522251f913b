import { type Finding, finding } from "./check.ts";
import { isPrivateHost } from "./private-host.ts";

// C09 and C10 run outside the Worker, in the page and in the doctor: a Worker that fetches its own host name may bypass the
// public edge that these checks are about.

/** What a plain HTTP client got. */
export type Got = { status: number; contentType: string; body: string };

const BODY_SHOWN = 60;
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** Asks an address, without following redirects, as Meta does; null when there is no answer. */
type Ask = (url: string) => Promise<Got | null>;

/** C09 of the Worker's address. A private one is not even asked; a loopback one is local mode's, where Meta is simulated. */
export async function probeAddress(url: string, ask: Ask): Promise<Finding> {
  const isLocalMode = LOOPBACK.includes(URL.parse(url)?.hostname ?? "");
  const unasked = checkAddress(url, null, isLocalMode);
  if (unasked.code !== "address_unreachable") return unasked;
  return checkAddress(url, await ask(`${url}/healthz`), isLocalMode);
}

/**
 * C10 by asking `ask` as Meta does, with a verify token and the challenge. Where the right token is not known (null) it only shows
 * that something of ours refuses a wrong one.
 */
export async function probeHandshake(
  ask: (verifyToken: string) => Promise<Got | null>,
  { challenge, verifyToken }: { challenge: string; verifyToken: string | null },
): Promise<Finding> {
  const wrong = await ask("a-token-that-nobody-has-chosen");
  if (verifyToken !== null) return checkHandshake({ challenge, right: await ask(verifyToken), wrong });
  return isOwnRefusal(wrong)
    ? finding("C10", "skip", "handshake_token_unknown")
    : checkHandshake({ challenge, right: wrong, wrong: null });
}

/**
 * C09. `got`: whatever the address answers; null for nothing. A loopback address is fine where Meta is simulated.
 * @internal
 */
export function checkAddress(url: string, got: Got | null, isLocalMode = false): Finding {
  const parsed = URL.parse(url);
  const evidence = { url };
  const isPrivate = parsed !== null && isPrivateHost(parsed.hostname);
  if (!isLocalMode) {
    if (isPrivate) return finding("C09", "fail", "address_private", { evidence });
    if (parsed?.protocol !== "https:") return finding("C09", "fail", "address_not_https", { evidence });
  }
  if (got === null) return finding("C09", "fail", "address_unreachable", { evidence });
  return finding("C09", "pass", "address_ok", { evidence });
}

/** C10: what came back to Meta's verification request (`hub.challenge`) with the right verify token and, unless null, with a wrong one. */
export function checkHandshake({
  challenge,
  right,
  wrong,
}: {
  challenge: string;
  right: Got | null;
  wrong: Got | null;
}): Finding {
  if (right === null) {
    const evidence = { expected: challenge, got: "–", status: "–" };
    return finding("C10", "fail", "handshake_not_ours", { evidence });
  }
  const evidence = {
    expected: challenge,
    got: right.body.slice(0, BODY_SHOWN),
    status: String(right.status),
    contentType: right.contentType,
  };
  if (isOwnRefusal(right)) return finding("C10", "fail", "handshake_refused", { evidence });
  if (right.status === 429 && isProblem(right))
    return finding("C10", "warn", "handshake_limited", { evidence });
  const isHtml = right.contentType.includes("html");
  if (right.status !== 200 || isHtml) return finding("C10", "fail", "handshake_not_ours", { evidence });
  if (right.body !== challenge || !right.contentType.startsWith("text/plain"))
    return finding("C10", "fail", "handshake_body_differs", { evidence });
  if (wrong !== null && wrong.status < 400)
    return finding("C10", "fail", "handshake_takes_any_token", {
      evidence: { status: String(wrong.status) },
    });
  return finding("C10", "pass", "handshake_ok");
}

function isOwnRefusal(got: Got | null): boolean {
  return got?.status === 403 && isProblem(got);
}

function isProblem({ contentType }: Got): boolean {
  return contentType.includes("application/problem+json");
}
