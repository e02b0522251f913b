import type { BatchResult } from "./ingest-batch.ts";

/** Totals of the commits since the object woke. `largest`: events in the largest batch. `failures`: events not stored. */
export type CommitCounts = { batches: number; events: number; largest: number; failures: number };

export function countCommit(counts: CommitCounts, { errors }: BatchResult): CommitCounts {
  return {
    batches: counts.batches + 1,
    events: counts.events + errors.length,
    largest: Math.max(counts.largest, errors.length),
    failures: counts.failures + errors.filter((error) => error !== null).length,
  };
}

export const noCommits: CommitCounts = { batches: 0, events: 0, largest: 0, failures: 0 };
