import type { TokenHolder } from "../db/agents.ts";
import { fromBase64Url, toBase64Url } from "../encoding.ts";
import { isSigned, sign } from "../signing.ts";

/** What a ticket opens: a socket of one chat, or the inbox of the holder's organization. */
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
 * Makes a ticket for a browser, which cannot set headers on a socket; a token must not appear in a URL. The ticket is signed
 * with the first key, lives 30 seconds, not longer than the caller's token, and works once: the object that it opens marks it
 * as spent. The text is a token of RFC 9110 §5.6.2, so it can be offered as a subprotocol. Throws when there is no key.
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

/** Returns a ticket that one of the keys signed and that has not expired; null for anything else. */
export async function readTicket(ticket: string, keys: string[], now: Date): Promise<Ticket | null> {
  const [text, signature, ...more] = ticket.split(".");
  if (!text || !signature || more.length > 0) return null;
  if (!(await isSigned(text, signature, keys))) return null;
  // We signed it, so it has our shape.
  const content: Ticket = JSON.parse(new TextDecoder().decode(fromBase64Url(text) ?? new Uint8Array()));
  return content.expiresAtMs > now.getTime() ? content : null;
}

/** The tickets that were used in this object, remembered until they expire. */
export class SpentTickets {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec('CREATE TABLE IF NOT EXISTS spent (id TEXT PRIMARY KEY, "expiresAtMs" INTEGER)');
  }

  /** Returns true the first time only. */
  spend(ticket: { id: string; expiresAtMs: number }, now: Date): boolean {
    this.#sql.exec('DELETE FROM spent WHERE "expiresAtMs" <= ?', now.getTime());
    const { rowsWritten } = this.#sql.exec(
      "INSERT OR IGNORE INTO spent VALUES (?, ?)",
      ticket.id,
      ticket.expiresAtMs,
    );
    return rowsWritten > 0;
  }
}
