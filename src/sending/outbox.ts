import type { Lease, Settlement } from "../db/outgoing.ts";
import { messageErrorOf } from "../phones/graph-refusal.ts";
import type { Accepted } from "../whatsapp/graph.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { explainNamed } from "../whatsapp/graph-errors.ts";
import { AccessTokenError } from "../whatsapp/sealed-token.ts";
import { retryDelayMs } from "./pacing.ts";

/** An attempt that has recorded no end by then is over, and nobody knows how it ended. */
const LEASE_MS = 60_000;
/** So long a message stays `unknown` and waits for a status that tells; then it is `unconfirmed`. */
const UNKNOWN_MS = 2 * 60_000;
const ATTEMPTS = 6;

/** What an attempt knows when it ends. */
export type Ended = { attempts: number; hasWritten: boolean; now: Date };

/** The right to make one attempt, from now on. */
export function newLease(now: Date): Lease {
  return { claimId: crypto.randomUUID(), leaseUntil: new Date(now.getTime() + LEASE_MS) };
}

/** Meta has taken it: from here its webhooks tell. */
export function settleAccepted({ wamid }: Accepted): Settlement {
  return { status: "accepted", wamid };
}

/**
 * What becomes of a message whose attempt ended badly. Only what Meta refused before processing is tried again by itself;
 * what may have been done is `unknown` and never repeated.
 */
export function settleFailure(error: unknown, { attempts, hasWritten, now }: Ended): Settlement {
  if (error instanceof AccessTokenError) return { status: "failed", error: messageErrorOf(error) };
  if (!(error instanceof GraphError)) return settleUnknown(now);
  if (error.outcome === "unknown") return settleUnknown(now);
  if (error.outcome === "refused" && attempts < ATTEMPTS) {
    return { status: "sending", dueAt: new Date(now.getTime() + retryDelayMs(error, attempts)) };
  }
  return { status: "failed", error: messageErrorOf(error, hasWritten) };
}

/** Something of ours failed before Meta was called, so surely nothing was sent: it is tried again, and fails in the end. */
export function settleNotCalled({ attempts, now }: Ended): Settlement {
  if (attempts < ATTEMPTS) {
    const delayMs = retryDelayMs({ code: null, retryAfterMs: null }, attempts);
    return { status: "sending", dueAt: new Date(now.getTime() + delayMs) };
  }
  const { name, title, advice } = explainNamed("other");
  return {
    status: "failed",
    error: { code: name, title, advice, metaCode: null, detail: null, fbtraceId: null },
  };
}

/** Nobody knows whether it went out: the status webhook that carries our id tells, or in the end the agent decides. */
export function settleUnknown(now: Date): Settlement {
  return { status: "unknown", dueAt: new Date(now.getTime() + UNKNOWN_MS) };
}
