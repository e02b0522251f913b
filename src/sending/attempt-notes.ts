import type { Settlement } from "../db/outgoing.ts";
import type { AttemptRecord } from "../domain/trace.ts";
import { toHex } from "../encoding.ts";
import { errorName, log } from "../log.ts";
import { isTokenDead, type TokenVerdict } from "../phones/token-circuit-breaker.ts";
import { GraphError } from "../whatsapp/graph-error.ts";

export const NOT_CALLED: AttemptRecord = {
  outcome: "not_called",
  httpStatus: null,
  code: null,
  fbtraceId: null,
};
export const ACCEPTED: AttemptRecord = { ...NOT_CALLED, outcome: "accepted", httpStatus: 200 };

/** What the trace stores of a failed call: nothing personal. */
export function noteOf(error: unknown): AttemptRecord {
  if (!(error instanceof GraphError)) return { ...NOT_CALLED, outcome: "unknown" };
  const { outcome, httpStatus, code, fbtraceId } = error;
  return { outcome, httpStatus, code, fbtraceId };
}

export async function verdictOf(error: unknown, token: string): Promise<TokenVerdict | null> {
  const isDead = isTokenDead(error);
  if (isDead === null) return null;
  return isDead ? { isDead, fingerprint: await fingerprintOf(token) } : { isDead };
}

/** SHA-256 in hex. */
export async function fingerprintOf(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

export function report({ status }: Settlement, error: unknown, ids: object): void {
  const { code, fbtraceId } = error instanceof GraphError ? error : { code: null, fbtraceId: null };
  const event = status === "unknown" ? "message_unknown" : "message_failed";
  log(event, { ...ids, status, code, fbtraceId, error: errorName(error) });
}
