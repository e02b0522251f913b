import { backoffMs } from "../backoff.ts";
import { isSchemaMismatch, isUnavailable } from "../db/client.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { Stored } from "./ingest-batch.ts";
import type { Spool, Spooled } from "./spool.ts";

/** After so many tries of its own an event is given up as what it is, and kept raw: never for a lock, or a migration that is not done. */
const TRIES = 10;
const PUT_OFF_MS = 2_000;
const BACKOFF = { firstMs: 1_000, maxMs: 5_000 };

export type Draining = {
  spool: Pick<Spool, "oldest" | "remove" | "putOff">;
  /** Those whose commit is still under way; and whether they have been waited for long enough, and may be overtaken. */
  held: ReadonlySet<number>;
  mayOvertake: boolean;
  /** The most events of one batch. */
  limit: number;
  store: (events: InboundEvent[]) => Promise<Stored>;
  publish: (stored: Stored, events: InboundEvent[]) => Promise<void>;
  /** Keeps an event raw, for good. Throws when not even that can be done just now. */
  deadLetter: (event: InboundEvent) => Promise<void>;
  nowMs: () => number;
};

/** How a drain went: nothing was due; it waits for commits; some left the spool; or Postgres is away. */
export type Drained = "idle" | "waits" | "progress" | "unavailable";

/**
 * Takes one batch out of the spool by the code that stores live events. What is stored is removed; what failed for a
 * reason of its own (its chat is locked) is put off and holds up nobody, and in the end is kept raw.
 */
export async function drainOnce(draining: Draining, isSecond = false): Promise<Drained> {
  const { spool, held, mayOvertake, limit, store, publish, deadLetter, nowMs } = draining;
  if (held.size > 0 && !mayOvertake) return "waits";
  const batch = spool.oldest(limit, nowMs(), held);
  if (batch.length === 0) return "idle";
  const events = batch.map(({ event }) => event);
  const stored = await store(events);
  const { errors } = stored;
  // Before they are removed: what dies in between is stored and told once more.
  await publish(stored, events);
  spool.remove(batch.filter((_, i) => errors[i] === null).map(({ id }) => id));
  if (stored.isUnavailable && (isSecond || !(await isToBlame(draining, batch)))) return "unavailable";
  const failed = batch.flatMap((spooled, i) => (errors[i] ? [{ ...spooled, error: errors[i] }] : []));
  spool.putOff(
    failed.map(({ id }) => id),
    nowMs() + PUT_OFF_MS,
  );
  for (const { id, event, tries, error } of failed) {
    const mayPass = isSchemaMismatch(error) || (isUnavailable(error) && !stored.isUnavailable);
    if (tries + 1 < TRIES || mayPass) continue;
    try {
      await deadLetter(event);
      spool.remove([id]);
    } catch {
      // It stays put off, and holds up nobody.
    }
  }
  return "progress";
}

/** Whether a single event cannot be stored (it takes too long, or too much memory) while the one behind it can. */
async function isToBlame(draining: Draining, batch: Spooled[]): Promise<boolean> {
  const [only, ...others] = batch;
  if (!only || others.length > 0) return false;
  const held = new Set([...draining.held, only.id]);
  return (await drainOnce({ ...draining, held, mayOvertake: true, limit: 1 }, true)) === "progress";
}

/** How long to wait before the drain after this many that found Postgres away. */
export function drainBackoffMs(failures: number): number {
  return backoffMs(failures, BACKOFF);
}
