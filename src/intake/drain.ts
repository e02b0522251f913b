import { backoffMs } from "../backoff.ts";
import { isSchemaMismatch, isUnavailable } from "../db/client.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { BatchResult } from "./ingest-batch.ts";
import type { Spool, SpooledEvent } from "./spool.ts";

/** From this try on, a failing event is dead-lettered, but never because of a lock or a missing migration. */
const MAX_TRIES = 10;
/** An event that fails alone as if Postgres were unavailable is dead-lettered only after this time. */
const MIN_AGE_MS = 5 * 60_000;
const DEFER_MS = 2_000;
const BACKOFF = { firstMs: 1_000, maxMs: 5_000 };

export type DrainDeps = {
  spool: Pick<Spool, "oldest" | "remove" | "defer">;
  /** Ids of spooled events whose commit is still in flight. */
  inFlight: ReadonlySet<number>;
  /** Whether later events may be stored before the in-flight ones. */
  mayOvertake: boolean;
  /** Maximum number of events in a batch. */
  limit: number;
  store: (events: InboundEvent[]) => Promise<BatchResult>;
  publish: (stored: BatchResult, events: InboundEvent[]) => Promise<void>;
  /** Stores the raw event as a dead letter. Throws when that fails. */
  deadLetter: (event: InboundEvent) => Promise<void>;
  nowMs: () => number;
};

/** Nothing was due; commits in flight block the drain; a batch was processed; Postgres is unavailable. */
export type DrainResult = "idle" | "waiting" | "progress" | "unavailable";

/**
 * Drains one batch with the code that stores live events. Removes the events that were stored. Defers those that failed for
 * a reason of their own (such as a locked chat), so that they do not block others, and dead-letters them in the end.
 */
export async function drainOnce(deps: DrainDeps, isProbe = false): Promise<DrainResult> {
  const { spool, inFlight, mayOvertake, limit, store, publish, deadLetter, nowMs } = deps;
  if (inFlight.size > 0 && !mayOvertake) return "waiting";
  const batch = spool.oldest(limit, nowMs(), inFlight);
  if (batch.length === 0) return "idle";
  const events = batch.map(({ event }) => event);
  const stored = await store(events);
  const { errors } = stored;
  // Published before they are removed: after a crash in between, the events are stored and published again.
  await publish(stored, events);
  spool.remove(batch.filter((_, i) => errors[i] === null).map(({ id }) => id));
  if (stored.isUnavailable && (isProbe || !(await isPoison(deps, batch)))) return "unavailable";
  const failed = batch.flatMap((spooled, i) => (errors[i] ? [{ ...spooled, error: errors[i] }] : []));
  spool.defer(
    failed.map(({ id }) => id),
    nowMs() + DEFER_MS,
  );
  for (const { id, event, tries, spooledAtMs, error } of failed) {
    const isTransient = isSchemaMismatch(error) || (isUnavailable(error) && !stored.isUnavailable);
    const isYoung = stored.isUnavailable && nowMs() - spooledAtMs < MIN_AGE_MS;
    if (tries + 1 < MAX_TRIES || isTransient || isYoung) continue;
    try {
      await deadLetter(event);
      spool.remove([id]);
    } catch {
      // The event stays deferred and does not block others.
    }
  }
  return "progress";
}

/** Whether the batch is one event that cannot be stored (too slow, too much memory) although the next event can. */
async function isPoison(deps: DrainDeps, batch: SpooledEvent[]): Promise<boolean> {
  const [only, ...others] = batch;
  if (!only || others.length > 0) return false;
  const inFlight = new Set([...deps.inFlight, only.id]);
  return (await drainOnce({ ...deps, inFlight, mayOvertake: true, limit: 1 }, true)) === "progress";
}

/** The delay before the next drain, after this many consecutive failures. */
export function drainBackoffMs(failures: number): number {
  return backoffMs(failures, BACKOFF);
}
