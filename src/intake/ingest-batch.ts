import { isUnavailable, sqlState } from "../db/client.ts";
import { type Committed, nothingCommitted } from "../db/committed.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";

/** What storing reaches, so that it can be tried without a database. */
export type Storing = {
  ingest: (events: InboundEvent[]) => Promise<Committed>;
  /** Keeps an event raw that the database refuses as what it is. */
  keepRefused: (event: InboundEvent) => Promise<void>;
  /** Resolves after so many milliseconds. */
  wait: (ms: number) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
};

/** `isUnavailable`: Postgres could not be asked, so that none of what failed is to blame for it. */
export type Stored = { committed: Committed; errors: (Error | null)[]; isUnavailable: boolean };

const TRIES = 4;
const BACKOFF_MS = 20;
// Deadlock, serialization failure, and a row that another call made at the same moment: the same call succeeds later.
const REPEATABLE = ["40P01", "40001", "23505"];
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Stores a batch. An item that the database refuses is found by halving, kept raw, and harms no other; a chat whose row
 * is locked fails alone. `errors` has an entry per event, null for those that are stored.
 */
export async function ingestBatch(events: InboundEvent[], storing: Storing): Promise<Stored> {
  try {
    const committed = await repeatedly(() => storing.ingest(events), storing);
    return { committed, errors: events.map(() => null), isUnavailable: false };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error("storing failed");
    const state = sqlState(error);
    const locked = state === LOCK_NOT_AVAILABLE;
    if (!locked && (state === null || isUnavailable(error))) {
      return { committed: nothingCommitted, errors: events.map(() => error), isUnavailable: true };
    }
    const [event] = events;
    if (events.length > 1) return await halves(events, storing);
    if (!event || locked) return { committed: nothingCommitted, errors: [error], isUnavailable: false };
    return { committed: nothingCommitted, errors: [await kept(event, storing)], isUnavailable: false };
  }
}

async function halves(events: InboundEvent[], storing: Storing): Promise<Stored> {
  const middle = Math.ceil(events.length / 2);
  const first = await ingestBatch(events.slice(0, middle), storing);
  const second = await ingestBatch(events.slice(middle), storing);
  return {
    committed: {
      events: [...first.committed.events, ...second.committed.events],
      chats: [...first.committed.chats, ...second.committed.chats],
    },
    errors: [...first.errors, ...second.errors],
    isUnavailable: first.isUnavailable || second.isUnavailable,
  };
}

async function kept(event: InboundEvent, { keepRefused }: Storing): Promise<Error | null> {
  try {
    await keepRefused(event);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error("keeping failed");
  }
}

async function repeatedly<Result>(
  attempt: () => Promise<Result>,
  { wait, random }: Storing,
): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === TRIES || !REPEATABLE.includes(sqlState(error) ?? "")) throw error;
      await wait(BACKOFF_MS * tried * random());
    }
  }
}
