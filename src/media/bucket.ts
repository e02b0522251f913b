import { fromBase64Url, toHex } from "../base64url.ts";

/** Where an organization's file of this content lies: equal files are one object. */
export function objectKeyOf(organizationId: number, sha256: Uint8Array): string {
  return `${organizationId}/${toHex(sha256)}`;
}

/** A SHA-256 as Meta writes it, in base64 in webhooks and in hex in Graph's answers; null for what is none. */
export function readSha256(text: string | null): Uint8Array | null {
  if (text === null) return null;
  if (/^[0-9a-f]{64}$/i.test(text))
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const bytes = fromBase64Url(text);
  return bytes?.length === 32 ? bytes : null;
}
