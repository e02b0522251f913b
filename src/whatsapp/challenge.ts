/** What Meta's "Verify and save" asks: prove that you know the token by giving back the challenge. */
export type Challenge = { verifyToken: string; challenge: string };

const LONGEST = 1024;

/** The query of the verification GET. */
export const challengeParameters = ["hub.mode", "hub.challenge", "hub.verify_token"];

/**
 * Reads the verification GET. Null when it is none: another mode, a parameter that is missing, empty or there twice,
 * longer than 1,024 characters, or with U+0000, which Postgres refuses even to look for. The challenge is the caller's
 * input: return it as `text/plain` only.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 */
export function parseChallenge(params: URLSearchParams): Challenge | null {
  const verifyToken = only(params, "hub.verify_token");
  const challenge = only(params, "hub.challenge");
  if (only(params, "hub.mode") !== "subscribe" || !verifyToken || !challenge) return null;
  return { verifyToken, challenge };
}

/**
 * Whether two secrets are the same, by their SHA-256 digests, so that the time reveals nothing about either.
 * An empty secret equals nothing, because it is one that was never set.
 */
export async function sameSecret(a: string, b: string): Promise<boolean> {
  const [digestA, digestB] = await Promise.all([digest(a), digest(b)]);
  let difference = a === "" || b === "" ? 1 : 0;
  for (const [i, byte] of digestA.entries()) difference |= byte ^ (digestB[i] ?? 0xff);
  return difference === 0;
}

function only(params: URLSearchParams, name: string): string | null {
  const [value, ...more] = params.getAll(name);
  return value && value.length <= LONGEST && !value.includes("\0") && more.length === 0 ? value : null;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Whether a request looks like a webhook or the verification of one, whatever its path and its signature. */
export function isFromMeta({ headers, url }: Request): boolean {
  return headers.has("x-hub-signature-256") || new URL(url).searchParams.has("hub.mode");
}
