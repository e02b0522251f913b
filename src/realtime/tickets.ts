import { fromBase64Url, toBase64Url } from "../base64url.ts";
import type { TokenHolder } from "../db/agents.ts";
import { isSigned, sign } from "../signing.ts";

/** What a ticket lets in: one socket of one chat, or the inbox of the holder's organization. */
export type TicketTarget = { chatId: number } | { inbox: true };

export type Ticket = {
  id: string;
  holder: TokenHolder;
  target: TicketTarget;
  tokenExpiresAtMs: number;
  expiresAtMs: number;
};

const TICKET_LIFE_MS = 30_000;

/**
 * Makes a ticket: browsers cannot set headers on a socket, and a token must not stand in an address. It is signed with
 * the first key, lives 30 seconds and, being spent in the object that it opens, serves once. The text is a token of
 * RFC 9110 §5.6.2, so it can be offered as a subprotocol. Throws without a key.
 */
export async function makeTicket(
  { holder, target, tokenExpiresAtMs }: Omit<Ticket, "id" | "expiresAtMs">,
  keys: string[],
  now: Date,
): Promise<{ ticket: string; expiresAt: Date }> {
  const expiresAtMs = Math.min(now.getTime() + TICKET_LIFE_MS, tokenExpiresAtMs);
  const content: Ticket = { id: crypto.randomUUID(), holder, target, tokenExpiresAtMs, expiresAtMs };
  const text = toBase64Url(new TextEncoder().encode(JSON.stringify(content)));
  return { ticket: `${text}.${await sign(text, keys)}`, expiresAt: new Date(expiresAtMs) };
}

/** Reads a ticket that one of the keys has signed and that has not run out; null for anything else. */
export async function readTicket(ticket: string, keys: string[], now: Date): Promise<Ticket | null> {
  const [text, signature, ...more] = ticket.split(".");
  if (!text || !signature || more.length > 0) return null;
  if (!(await isSigned(text, signature, keys))) return null;
  // Signed by us, so it has our shape.
  const content: Ticket = JSON.parse(new TextDecoder().decode(fromBase64Url(text) ?? new Uint8Array()));
  return content.expiresAtMs > now.getTime() ? content : null;
}
