import { backoffMs } from "../backoff.ts";
import { isSchemaMismatch, isUnavailable, mayBeDamage } from "../db/client.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { BatchResult } from "./ingest-batch.ts";
import type { Spool, SpooledEvent } from "./spool.ts";

/** From this try on, a failing event is dead-lettered, but never because of a lock or a missing migration. */
const MAX_TRIES = 10;
/** An event that fails alone as if Postgres were unavailable is dead-lettered only after this time. */
const MIN_AGE_MS = 5 * 60_000;
const DEFER_MS = 2_000;
const BACKOFF = { firstMs: 1_000, maxMs: 5_000 };
/** Each of its tries may take as long as a call may. */
const CULPRIT_BACKOFF = { firstMs: DEFER_MS, maxMs: 60_000 };

/** A spooled event that was not stored. */
export type Failed = SpooledEvent & { error: Error };

export type DrainDeps = {
  spool: Pick<Spool, "oldest" | "remove" | "defer">;
  /** Ids of spooled events whose commit is still in flight. */
  inFlight: ReadonlySet<number>;
  /** Ids of further events that are left out. */
  skipped: ReadonlySet<number>;
  /** Whether later events may be stored before the in-flight ones. */
  mayOvertake: boolean;
  /** Maximum number of events in a batch. */
  limit: number;
  /** Called for an event that failed alone as if Postgres were unavailable. */
  suspect: (failed: Failed) => void;
  store: (events: InboundEvent[]) => Promise<BatchResult>;
  publish: (stored: BatchResult, events: InboundEvent[]) => Promise<void>;
  /** Stores the raw event as a dead letter. Throws when that fails. */
  deadLetter: (event: InboundEvent) => Promise<void>;
  nowMs: () => number;
};

/**
 * Nothing was due; commits in flight block the drain; a batch was processed; Postgres is unavailable; Postgres has answered, but
 * could not store these events.
 */
export type DrainResult = "idle" | "waiting" | "progress" | "unavailable" | "refused";

/**
 * Drains one batch with the code that stores live events. Removes the events that were stored. Defers those that failed for
 * a reason of their own (such as a locked chat), so that they do not block others, and dead-letters them in the end.
 */
export async function drainOnce(deps: DrainDeps): Promise<DrainResult> {
  const { spool, inFlight, skipped, mayOvertake, limit, suspect, store, publish, nowMs } = deps;
  if (inFlight.size > 0 && !mayOvertake) return "waiting";
  const batch = spool.oldest(limit, nowMs(), new Set([...inFlight, ...skipped]));
  if (batch.length === 0) return "idle";
  const events = batch.map(({ event }) => event);
  const stored = await store(events);
  const { errors } = stored;
  // Published before they are removed: after a crash in between, the events are stored and published again.
  await publish(stored, events);
  spool.remove(batch.filter((_, i) => errors[i] === null).map(({ id }) => id));
  const failed = batch.flatMap((spooled, i) => (errors[i] ? [{ ...spooled, error: errors[i] }] : []));
  if (!stored.isUnavailable) {
    await putOff(deps, failed, "own reason");
    return "progress";
  }
  const [only] = failed;
  if (only && batch.length === 1) suspect(only);
  return failed.some(({ error }) => mayBeDamage(error)) ? "refused" : "unavailable";
}

/**
 * Defers events, and dead-letters those that have been tried enough. `culprit`: Postgres seemed to be unavailable, and was not.
 */
export async function putOff(
  { spool, deadLetter, nowMs }: Pick<DrainDeps, "spool" | "deadLetter" | "nowMs">,
  failed: Failed[],
  cause: "own reason" | "culprit",
): Promise<void> {
  const isCulprit = cause === "culprit";
  for (const { id, event, tries, spooledAtMs, error } of failed) {
    spool.defer([id], nowMs() + (isCulprit ? backoffMs(tries + 1, CULPRIT_BACKOFF) : DEFER_MS));
    const isTransient = isSchemaMismatch(error) || (isUnavailable(error) && !isCulprit);
    const isYoung = isCulprit && nowMs() - spooledAtMs < MIN_AGE_MS;
    if (tries + 1 < MAX_TRIES || isTransient || isYoung) continue;
    try {
      await deadLetter(event);
      spool.remove([id]);
    } catch {
      // The event stays deferred and does not block others.
    }
  }
}

/** The delay before the next drain, after this many consecutive failures. */
export function drainBackoffMs(failures: number): number {
  return backoffMs(failures, BACKOFF);
}
