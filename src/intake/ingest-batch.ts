import { isSchemaMismatch, isTooLarge, isUnavailable, sqlState } from "../db/client.ts";
import { type Committed, nothingCommitted } from "../db/committed.ts";
import type { IdentityOutcome } from "../db/identities.ts";
import type { Ingested, UnassignedNotice } from "../db/ingest.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";

/** Injected, so that tests need no database. */
export type IngestDeps = {
  ingest: (events: InboundEvent[]) => Promise<Ingested>;
  /** The events that would wait for a lock of their chat, contact or message just now. */
  findLocked: (events: InboundEvent[]) => Promise<Set<InboundEvent>>;
  /** Stores the raw form of an event that the database rejects. */
  quarantine: (event: InboundEvent) => Promise<void>;
  /** Resolves after `ms` milliseconds. */
  wait: (ms: number) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
};

export type BatchResult = {
  committed: Committed;
  /** One entry per event, null for those that are stored. */
  errors: (Error | null)[];
  /** Postgres was unavailable: the failed events did not cause their errors. */
  isUnavailable: boolean;
  /** Events for phone numbers that are not connected. */
  unknownPhones: number;
  identities?: IdentityOutcome;
  unassigned?: UnassignedNotice[];
};

const MAX_TRIES = 4;
const BACKOFF_MS = 20;
// Deadlock, serialization failure, unique violation by a concurrent call, a chat that was erased meanwhile: the same call
// succeeds later.
const RETRYABLE = ["40P01", "40001", "23505", "23503"];
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Stores a batch. Bisects a batch that fails, so that a bad event affects no other, and quarantines an event that the database
 * rejects, or that is too large for a call. The events that wait for a lock fail together; one that meets repeated conflicts or a schema mismatch fails alone. They
 * can be retried later.
 */
export async function ingestBatch(events: InboundEvent[], deps: IngestDeps): Promise<BatchResult> {
  try {
    const {
      unknownPhones,
      files: _,
      identities,
      unassigned = [],
      ...committed
    } = await withRetry(() => deps.ingest(events), deps);
    const errors = events.map(() => null);
    const stored = { committed, errors, isUnavailable: false, unknownPhones, unassigned };
    return identities ? { ...stored, identities } : stored;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error("storing failed");
    const state = sqlState(error);
    const locked = state === LOCK_NOT_AVAILABLE;
    if (!locked && !isTooLarge(error) && (state === null || isUnavailable(error))) {
      return notStored(
        events.map(() => error),
        true,
      );
    }
    const [event] = events;
    if (locked && events.length > 1) return await ingestUnlocked(events, error, deps);
    if (events.length > 1) return await ingestHalves(events, deps);
    const isTransient = locked || RETRYABLE.includes(state ?? "") || isSchemaMismatch(error);
    return notStored([!event || isTransient ? error : await tryQuarantine(event, deps)]);
  }
}

/**
 * Stores the events that wait for no lock, and fails all others at once. Bisecting would wait for the lock again and again. It is
 * left for a lock on something else than their rows.
 */
async function ingestUnlocked(events: InboundEvent[], error: Error, deps: IngestDeps): Promise<BatchResult> {
  let lockedEvents: Set<InboundEvent>;
  try {
    lockedEvents = await deps.findLocked(events);
  } catch {
    return notStored(events.map(() => error));
  }
  if (lockedEvents.size === 0) return await ingestHalves(events, deps);
  const free = events.filter((event) => !lockedEvents.has(event));
  if (free.length === 0) return notStored(events.map(() => error));
  const stored = await ingestBatch(free, deps);
  const errors = new Map(free.map((event, i) => [event, stored.errors[i] ?? null]));
  return {
    ...stored,
    errors: events.map((event) => (lockedEvents.has(event) ? error : (errors.get(event) ?? null))),
  };
}

async function ingestHalves(events: InboundEvent[], deps: IngestDeps): Promise<BatchResult> {
  const middle = Math.ceil(events.length / 2);
  const first = await ingestBatch(events.slice(0, middle), deps);
  const second = await ingestBatch(events.slice(middle), deps);
  return {
    committed: {
      events: [...first.committed.events, ...second.committed.events],
      chats: [...first.committed.chats, ...second.committed.chats],
      notices: [...(first.committed.notices ?? []), ...(second.committed.notices ?? [])],
    },
    errors: [...first.errors, ...second.errors],
    isUnavailable: first.isUnavailable || second.isUnavailable,
    unknownPhones: first.unknownPhones + second.unknownPhones,
    unassigned: [...(first.unassigned ?? []), ...(second.unassigned ?? [])],
    identities: {
      merges: [...(first.identities?.merges ?? []), ...(second.identities?.merges ?? [])],
      conflicts: [...(first.identities?.conflicts ?? []), ...(second.identities?.conflicts ?? [])],
    },
  };
}

function notStored(errors: (Error | null)[], isUnavailable = false): BatchResult {
  return { committed: nothingCommitted, errors, isUnavailable, unknownPhones: 0 };
}

async function tryQuarantine(event: InboundEvent, { quarantine }: IngestDeps): Promise<Error | null> {
  try {
    await quarantine(event);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error("quarantine failed");
  }
}

async function withRetry<Result>(
  attempt: () => Promise<Result>,
  { wait, random }: IngestDeps,
): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === MAX_TRIES || !RETRYABLE.includes(sqlState(error) ?? "")) throw error;
      await wait(BACKOFF_MS * tried * random());
    }
  }
}
