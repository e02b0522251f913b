import { randomUUID } from "node:crypto";
import type { Fields } from "./fields.ts";
import type { Journal } from "./journal.ts";
import type { Records } from "./world.ts";

/** One call to Graph and the response to it. */
export type LedgerEntry = {
  id: string;
  at: string;
  method: string;
  path: string;
  phoneNumberId: string | null;
  /** The JSON body, or the text when it is not JSON. */
  body: Fields | string | null;
  /** The first and the last characters of the token. */
  authorization: string | null;
  /** The wamid of the message that this call created, even if the response was lost. */
  accepted: string | null;
  /** The faults that applied to this call. */
  faults: string[];
  /** The response; `status` is null when the connection was closed without one. Null while the call is in progress. */
  answer: { status: number | null; code: number | null } | null;
};

/** Records a call before it is handled. */
export function openEntry(
  journal: Journal<Records>,
  at: Date,
  call: Pick<LedgerEntry, "method" | "path" | "phoneNumberId" | "body"> & { token: string | null },
): LedgerEntry {
  const { token, ...rest } = call;
  const authorization = token === null ? null : maskToken(token);
  const entry = { id: randomUUID(), at: at.toISOString(), ...rest, authorization };
  return writeEntry(journal, { ...entry, accepted: null, faults: [], answer: null });
}

export function writeEntry(journal: Journal<Records>, entry: LedgerEntry): LedgerEntry {
  journal.put("request", entry.id, entry);
  return entry;
}

function maskToken(token: string): string {
  return token.length > 12 ? `${token.slice(0, 4)}…${token.slice(-4)}` : `${token.slice(0, 3)}…`;
}
