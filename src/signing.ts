import { fromBase64Url, toBase64Url } from "./encoding.ts";

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** Signs a text with the first key: base64url of an HMAC-SHA-256. Throws without a key. */
export async function sign(text: string, [key]: string[]): Promise<string> {
  if (!key) throw new Error("SIGNING_KEY is not set.");
  const signature = await crypto.subtle.sign("HMAC", await importKey(key), new TextEncoder().encode(text));
  return toBase64Url(new Uint8Array(signature));
}

/** Whether any of the keys signed this text. */
export async function isSigned(text: string, signature: string, keys: string[]): Promise<boolean> {
  const bytes = fromBase64Url(signature);
  if (!bytes) return false;
  for (const key of keys) {
    const imported = await importKey(key);
    if (await crypto.subtle.verify("HMAC", imported, bytes, new TextEncoder().encode(text))) return true;
  }
  return false;
}

async function importKey(key: string): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", new TextEncoder().encode(key), HMAC, false, ["sign", "verify"]);
}
