import { toHex } from "../encoding.ts";

/** SHA-256 of a parsed request, in hex. Independent of field order and whitespace. */
export async function fingerprintOf(request: Record<string, unknown>): Promise<string> {
  const canonical = JSON.stringify(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical));
  return toHex(new Uint8Array(digest));
}
