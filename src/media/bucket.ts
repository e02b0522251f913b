import { fromBase64Url, fromHex, toHex } from "../encoding.ts";
import { AppError } from "../errors.ts";

/** Gives what R2 answers. Throws `unavailable` where it fails: most of its errors pass. https://developers.cloudflare.com/r2/api/error-codes/ */
export async function fromBucket<Answer>(call: Promise<Answer>): Promise<Answer> {
  return await call.catch(() => {
    throw storageUnavailable();
  });
}

export function storageUnavailable(): AppError {
  return new AppError("unavailable", "The file storage does not respond right now. Try again.", {
    retryAfter: 5,
  });
}

/** Where an organization's file of this content lies: equal files are one object. */
export function objectKeyOf(organizationId: number, sha256: Uint8Array): string {
  return `${organizationId}/${toHex(sha256)}`;
}

/** Where an upload lies until its hash is known. */
export const UPLOADS = "uploads/";

export function uploadKeyOf(organizationId: number): string {
  return `${UPLOADS}${organizationId}/${crypto.randomUUID()}`;
}

/** The organization of an upload's key; null for any other key. */
export function uploaderOf(uploadKey: string): number | null {
  const organizationId = Number(uploadKey.slice(UPLOADS.length).split("/")[0]);
  return uploadKey.startsWith(UPLOADS) && organizationId > 0 ? organizationId : null;
}

/** A SHA-256 as Meta writes it, in base64 in webhooks and in hex in Graph's answers; null for what is none. */
export function readSha256(text: string | null): Uint8Array | null {
  if (text === null) return null;
  const bytes = text.length === 64 ? fromHex(text) : fromBase64Url(text);
  return bytes?.length === 32 ? bytes : null;
}
