import type { Committed } from "../db/committed.ts";
import { INGEST_LIMIT_EVENTS } from "../db/ingest.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { Stored } from "./ingest-batch.ts";
import type { Spool } from "./spool.ts";

/** After so many tries of its own an event is given up as what it is, and kept raw. */
const TRIES = 10;
const PUT_OFF_MS = 2_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 15_000;

export type Draining = {
  spool: Pick<Spool, "oldest" | "remove" | "putOff">;
  held: ReadonlySet<number>;
  store: (events: InboundEvent[]) => Promise<Stored>;
  publish: (committed: Committed) => Promise<void>;
  /** Keeps an event raw, for good. Throws when not even that can be done just now. */
  bury: (event: InboundEvent) => Promise<void>;
  nowMs: () => number;
};

/** How a drain went: nothing was due; some left the spool; or Postgres is away. */
export type Drained = "idle" | "progress" | "unavailable";

/**
 * Takes one batch out of the spool by the code that stores live events. What is stored is removed; what failed for a
 * reason of its own (its chat is locked) is put off and holds up nobody, and in the end is kept raw.
 */
export async function drainOnce({ spool, held, store, publish, bury, nowMs }: Draining): Promise<Drained> {
  const batch = spool.oldest(INGEST_LIMIT_EVENTS, nowMs(), held);
  if (batch.length === 0) return "idle";
  const { committed, errors, isUnavailable } = await store(batch.map(({ event }) => event));
  spool.remove(batch.filter((_, i) => errors[i] === null).map(({ id }) => id));
  await publish(committed);
  if (isUnavailable) return "unavailable";
  const failed = batch.filter((_, i) => errors[i] !== null);
  spool.putOff(
    failed.map(({ id }) => id),
    nowMs() + PUT_OFF_MS,
  );
  for (const { id, event, tries } of failed) {
    if (tries + 1 < TRIES) continue;
    await bury(event);
    spool.remove([id]);
  }
  return "progress";
}

/** How long to wait before the drain after this many that found Postgres away. */
export function drainBackoffMs(failures: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** Math.max(0, failures - 1), LONGEST_BACKOFF_MS);
}
