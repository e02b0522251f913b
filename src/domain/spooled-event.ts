import type { InboundEvent } from "./inbound-event.ts";

/** An event that waits in the spool of a shard, without its content. */
export type SpooledSummary = {
  /** Over all shards. Never reused, so that nobody takes out another event than the one he saw. */
  id: number;
  kind: InboundEvent["kind"];
  phoneNumberId: string;
  /** Imported history waits in a spool of its own. */
  isHistory: boolean;
  tries: number;
  spooledAt: string;
  /** When it is tried next; null for at once. */
  dueAt: string | null;
};

/** With the webhook body that holds this event alone. */
export type SpooledDetails = SpooledSummary & { source: string | null };

/** `sqlState`: why Postgres refused the event; null when it is stored, or when Postgres did not answer. */
export type SpooledRetry = { isStored: boolean; sqlState: string | null };

export const SPOOLS = ["spool", "imports"] as const;

/** Where a spooled event is. */
export type SpoolPlace = { shard: number; spool: (typeof SPOOLS)[number]; row: number };

const MAX_SHARDS = 64;

/** One number for a place, so that the API has an id like any other. */
export function spooledIdOf({ shard, spool, row }: SpoolPlace): number {
  return (row * MAX_SHARDS + shard) * SPOOLS.length + SPOOLS.indexOf(spool);
}

export function spoolPlaceOf(id: number): SpoolPlace {
  const place = Math.floor(id / SPOOLS.length);
  return {
    shard: place % MAX_SHARDS,
    spool: id % SPOOLS.length === 0 ? "spool" : "imports",
    row: Math.floor(place / MAX_SHARDS),
  };
}
