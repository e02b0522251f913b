import type { Settlement } from "../db/outgoing.ts";
import type { Accepted } from "../whatsapp/graph.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { explain, explainNamed } from "../whatsapp/graph-errors.ts";
import { AccessTokenError } from "../whatsapp/sealed-token.ts";
import { retryDelayMs } from "./pacing.ts";

/** An attempt that nobody has heard of for so long is over, and nobody knows how it ended. */
export const LEASE_MS = 60_000;
/** So long a message stays `unknown` and waits for a status that tells; then it is `unconfirmed`. */
const UNKNOWN_MS = 2 * 60_000;
const ATTEMPTS = 6;

/** What an attempt knows when it ends. */
export type Ended = { attempts: number; hasWritten: boolean; now: Date };

/** Meta has taken it: from here its webhooks tell. */
export function settleAccepted({ wamid }: Accepted): Settlement {
  return { status: "accepted", wamid };
}

/**
 * What becomes of a message whose attempt ended badly. Only what Meta refused before processing is tried again by itself;
 * what may have been done is `unknown` and never repeated.
 */
export function settleFailure(error: unknown, { attempts, hasWritten, now }: Ended): Settlement {
  if (error instanceof AccessTokenError) {
    const { name, title, advice } = explain(190);
    return {
      status: "failed",
      error: { code: name, title: title.en, advice, metaCode: null, detail: error.message, fbtraceId: null },
    };
  }
  if (!(error instanceof GraphError)) return settleUnknown(now);
  if (error.outcome === "unknown") return settleUnknown(now);
  if (error.outcome === "refused" && attempts < ATTEMPTS) {
    return { status: "sending", dueAt: new Date(now.getTime() + retryDelayMs(error, attempts)) };
  }
  const { code, subcode, details, fbtraceId } = error;
  const { name, title, advice } = code === null ? explainNamed("other") : explain(code, subcode, hasWritten);
  const detail = details ?? (code === null ? error.message : null);
  return {
    status: "failed",
    error: { code: name, title: title.en, advice, metaCode: code, detail, fbtraceId },
  };
}

/** Nobody knows whether it went out: the status webhook that carries our id tells, or in the end the agent decides. */
export function settleUnknown(now: Date): Settlement {
  return { status: "unknown", dueAt: new Date(now.getTime() + UNKNOWN_MS) };
}
