import type { Lease, Settlement } from "../db/outgoing.ts";
import type { ServiceWindow } from "../domain/service-window.ts";
import { failureOf, messageErrorOf } from "../phones/graph-refusal.ts";
import type { Accepted } from "../whatsapp/graph.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { explainNamed } from "../whatsapp/graph-errors.ts";
import { AccessTokenError } from "../whatsapp/sealed-token.ts";
import { retryDelayMs } from "./pacing.ts";

/** An attempt that has recorded no result by then is over, and its result is unknown. */
const LEASE_MS = 60_000;
/** For how long a message stays `unknown` and waits for a status webhook; then it becomes `unconfirmed`. */
const UNKNOWN_MS = 2 * 60_000;
const ATTEMPTS = 6;

/** What an attempt knows when it ends. */
export type Ended = { attempts: number; window: ServiceWindow; now: Date };

/** The right to make one attempt, from now on. */
export function newLease(now: Date): Lease {
  return { claimId: crypto.randomUUID(), leaseUntil: new Date(now.getTime() + LEASE_MS) };
}

/** Whether another attempt follows. */
export function isDueAgain(settlement: Settlement): settlement is Settlement & { dueAt: Date } {
  return settlement.status === "sending" && settlement.dueAt !== undefined;
}

/** Meta accepted the message; status webhooks report the rest. */
export function settleAccepted({ wamid, phone, userId, messageStatus }: Accepted): Settlement {
  return { status: "accepted", wamid, recipient: { phone, userId }, messageStatus };
}

/**
 * What becomes of a message whose attempt failed. Only what Meta refused before processing is retried automatically;
 * what Meta may have processed is `unknown` and never retried.
 */
export function settleFailure(error: unknown, { attempts, window, now }: Ended): Settlement {
  if (error instanceof AccessTokenError) return { status: "failed", error: messageErrorOf(error) };
  if (!(error instanceof GraphError)) return settleUnknown(now);
  if (error.outcome === "unknown") return settleUnknown(now, error);
  if (error.outcome === "refused" && attempts < ATTEMPTS) {
    return { status: "sending", dueAt: new Date(now.getTime() + retryDelayMs(error, attempts)) };
  }
  return { status: "failed", error: failureOf(error, window) };
}

/** Our side failed before Meta was called, so nothing was sent: the message is retried, and fails after the last attempt. */
export function settleNotCalled({ attempts, now }: Pick<Ended, "attempts" | "now">): Settlement {
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

/**
 * It is unknown whether Meta sent the message: a status webhook with our tag settles it, otherwise the agent decides, who sees
 * what Meta answered, if it gave a code.
 */
export function settleUnknown(now: Date, error: GraphError | null = null): Settlement {
  const answered = error !== null && error.code !== null && { error: messageErrorOf(error) };
  return { status: "unknown", dueAt: new Date(now.getTime() + UNKNOWN_MS), ...answered };
}
