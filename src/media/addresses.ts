import { isSigned, sign } from "../signing.ts";

/** What an address grants to everyone who has it: one file of one organization, until it expires. */
export type MediaGrant = { organizationId: number; mediaId: number; expiresAtMs: number };

/** Long enough to watch what a page shows; a page that stays open asks for another. */
const ADDRESS_LIFE_MS = 10 * 60_000;

/**
 * The query of a signed address, for elements such as `<img>` that cannot send a header. It ends with the token of who asked,
 * and after ten minutes at the latest. Throws without a key.
 */
export async function signAddress(
  { organizationId, mediaId }: Omit<MediaGrant, "expiresAtMs">,
  tokenExpiresAtMs: number,
  keys: string[],
  now: Date,
): Promise<{ query: string; expiresAt: Date }> {
  const expiresAtMs = Math.min(now.getTime() + ADDRESS_LIFE_MS, tokenExpiresAtMs);
  const signature = await sign(grantText({ organizationId, mediaId, expiresAtMs }), keys);
  const query = new URLSearchParams({
    organization: String(organizationId),
    until: String(expiresAtMs),
    signature,
  });
  return { query: query.toString(), expiresAt: new Date(expiresAtMs) };
}

/** What a signed address of this file grants; null when none of our keys signed exactly this. */
export async function readAddress(
  mediaId: number,
  query: { organization: string; until: string; signature: string },
  keys: string[],
  now: Date,
): Promise<MediaGrant | "expired" | null> {
  const { organization, until, signature } = query;
  if (!/^\d{1,10}$/.test(organization) || !/^\d{1,15}$/.test(until)) return null;
  const grant = { organizationId: Number(organization), mediaId, expiresAtMs: Number(until) };
  if (!(await isSigned(grantText(grant), signature, keys))) return null;
  return grant.expiresAtMs > now.getTime() ? grant : "expired";
}

/** The prefix separates addresses from tickets, which the same keys sign. */
function grantText({ organizationId, mediaId, expiresAtMs }: MediaGrant): string {
  return `media:${organizationId}:${mediaId}:${expiresAtMs}`;
}
