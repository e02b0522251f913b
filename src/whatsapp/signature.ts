declare const verified: unique symbol;

/** Bytes whose signature was right. Only `verifySignature` makes them: who holds them need not ask again. */
export type VerifiedBody = Uint8Array<ArrayBuffer> & { readonly [verified]: true };

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** Keys, not promises of keys: in workerd a promise belongs to the request that made it. */
const keys = new Map<string, CryptoKey>();

/**
 * Meta's `X-Hub-Signature-256` over the raw bytes as they came: the body when one of the app secrets fits, else null —
 * also for a header that is missing, malformed or SHA-1. Upper-case hex is accepted. The comparison is constant in time.
 * Throws when there is no secret, or an empty one: with that anybody could sign.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
 */
export async function verifySignature(
  body: Uint8Array<ArrayBuffer> | ArrayBuffer,
  header: string | null,
  secrets: readonly string[],
): Promise<VerifiedBody | null> {
  if (secrets.length === 0 || secrets.some((secret) => secret.trim() === "")) {
    throw new Error("An app secret is needed, and none may be empty.");
  }
  const hex = header?.match(SIGNATURE)?.[1];
  if (!hex) return null;
  const signature = bytesOfHex(hex);
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(body);
  for (const secret of secrets) {
    // The brand exists for the compiler alone, and this is the one place that may give it.
    if (await crypto.subtle.verify("HMAC", await keyOf(secret), signature, bytes))
      return bytes as VerifiedBody;
  }
  return null;
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known) return known;
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), HMAC, false, ["verify"]);
  keys.set(secret, key);
  return key;
}

function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
