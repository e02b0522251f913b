import type { Stored } from "./ingest-batch.ts";

/** How commits went since the object woke. `failures`: events that a commit did not store. */
export type CommitCounts = { batches: number; events: number; largest: number; failures: number };

export function countCommit(counts: CommitCounts, { errors }: Stored): CommitCounts {
  return {
    batches: counts.batches + 1,
    events: counts.events + errors.length,
    largest: Math.max(counts.largest, errors.length),
    failures: counts.failures + errors.filter((error) => error !== null).length,
  };
}

export const noCommits: CommitCounts = { batches: 0, events: 0, largest: 0, failures: 0 };
