import { isSchemaMismatch, isUnavailable, sqlState } from "../db/client.ts";
import { type Committed, nothingCommitted } from "../db/committed.ts";
import type { IdentityOutcome } from "../db/identities.ts";
import type { Ingested } from "../db/ingest.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";

/** What storing reaches, so that it can be tried without a database. */
export type Storing = {
  ingest: (events: InboundEvent[]) => Promise<Ingested>;
  /** Keeps an event raw that the database refuses as what it is. */
  quarantine: (event: InboundEvent) => Promise<void>;
  /** Resolves after so many milliseconds. */
  wait: (ms: number) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
};

export type Stored = {
  committed: Committed;
  errors: (Error | null)[];
  /** Postgres could not be asked, so that none of what failed is to blame for it. */
  isUnavailable: boolean;
  /** How many events were for numbers that nobody has connected. */
  unknownPhones: number;
  identities?: IdentityOutcome;
};

const TRIES = 4;
const BACKOFF_MS = 20;
// Deadlock, serialization failure, and a row that another call made at the same moment: the same call succeeds later.
const REPEATABLE = ["40P01", "40001", "23505"];
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Stores a batch. An item that the database refuses is found by halving, kept raw, and harms no other; one that meets a lock,
 * other calls again and again, or a schema that is not this code's fails alone, and may be tried later. `errors` has an
 * entry per event, null for those that are stored.
 */
export async function ingestBatch(events: InboundEvent[], storing: Storing): Promise<Stored> {
  try {
    const {
      unknownPhones,
      files: _,
      identities,
      ...committed
    } = await withRetry(() => storing.ingest(events), storing);
    const stored = { committed, errors: events.map(() => null), isUnavailable: false, unknownPhones };
    return identities ? { ...stored, identities } : stored;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error("storing failed");
    const state = sqlState(error);
    const locked = state === LOCK_NOT_AVAILABLE;
    if (!locked && (state === null || isUnavailable(error))) {
      return nothingStored(
        events.map(() => error),
        true,
      );
    }
    const [event] = events;
    if (events.length > 1) return await halves(events, storing);
    const mayPass = locked || REPEATABLE.includes(state ?? "") || isSchemaMismatch(error);
    return nothingStored([!event || mayPass ? error : await kept(event, storing)]);
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
      notices: [...(first.committed.notices ?? []), ...(second.committed.notices ?? [])],
    },
    errors: [...first.errors, ...second.errors],
    isUnavailable: first.isUnavailable || second.isUnavailable,
    unknownPhones: first.unknownPhones + second.unknownPhones,
    identities: {
      merges: [...(first.identities?.merges ?? []), ...(second.identities?.merges ?? [])],
      conflicts: [...(first.identities?.conflicts ?? []), ...(second.identities?.conflicts ?? [])],
    },
  };
}

function nothingStored(errors: (Error | null)[], isUnavailable = false): Stored {
  return { committed: nothingCommitted, errors, isUnavailable, unknownPhones: 0 };
}

async function kept(event: InboundEvent, { quarantine }: Storing): Promise<Error | null> {
  try {
    await quarantine(event);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error("keeping failed");
  }
}

async function withRetry<Result>(attempt: () => Promise<Result>, { wait, random }: Storing): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === TRIES || !REPEATABLE.includes(sqlState(error) ?? "")) throw error;
      await wait(BACKOFF_MS * tried * random());
    }
  }
}
