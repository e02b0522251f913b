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

/** A shard of the intake. `generation`: see PLACEMENT_GENERATION. */
export type Shard = { generation: number; shard: number };

/** Where a spooled event is. */
export type SpoolPlace = Shard & { spool: (typeof SPOOLS)[number]; row: number };

export const GENERATIONS = 16;
const MAX_SHARDS = 64;

/** One number for a place, so that the API has an id like any other. It stays below 2^53, as rows grow with the time in milliseconds. */
export function spooledIdOf({ generation, shard, spool, row }: SpoolPlace): number {
  return ((row * GENERATIONS + generation) * MAX_SHARDS + shard) * SPOOLS.length + SPOOLS.indexOf(spool);
}

export function spoolPlaceOf(id: number): SpoolPlace {
  const shards = Math.floor(id / SPOOLS.length);
  const generations = Math.floor(shards / MAX_SHARDS);
  return {
    generation: generations % GENERATIONS,
    shard: shards % MAX_SHARDS,
    spool: id % SPOOLS.length === 0 ? "spool" : "imports",
    row: Math.floor(generations / GENERATIONS),
  };
}
