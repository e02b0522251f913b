import { type Finding, finding } from "./check.ts";
import { isPrivateHost } from "./private-host.ts";

// C09 and C10 run outside the Worker, in the page and in the doctor: a Worker that fetches its own host name may bypass the
// public edge that these checks are about.

/** What a plain HTTP client got. */
export type Got = { status: number; contentType: string; body: string };

const BODY_SHOWN = 60;

/** C09. `got`: whatever the address answers; null for nothing. A loopback address is fine where Meta is simulated. */
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

/**
 * C10: Meta's verification request (`hub.challenge`) with the right verify token and with a wrong one, and what came back.
 */
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
  const isOwnRefusal = right.status === 403 && right.contentType.includes("application/problem+json");
  if (isOwnRefusal) return finding("C10", "fail", "handshake_refused", { evidence });
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
