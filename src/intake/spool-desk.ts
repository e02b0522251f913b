import { sqlState } from "../db/client.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { sourceOf } from "../domain/inbound-event.ts";
import type { SPOOLS, SpooledRetry } from "../domain/spooled-event.ts";
import type { BatchResult } from "./ingest-batch.ts";
import type { Spool, SpooledEvent } from "./spool.ts";

const RETRY_DELAY_MS = 2_000;

type SpoolName = (typeof SPOOLS)[number];

/** A spooled event as an object gives it to the Worker. */
export type DeskEvent = Omit<SpooledEvent, "event"> & {
  kind: InboundEvent["kind"];
  phoneNumberId: string;
  source: string | null;
};

/** What an admin may see: the events of these numbers alone. */
export type DeskQuery = { spool: SpoolName; phoneNumberIds: string[] };

type DeskDeps = Record<SpoolName, Spool> & {
  /** Whether an event is just being stored, by its commit or by the drain. */
  isHeld: (spool: SpoolName, row: number) => boolean;
  store: (events: InboundEvent[]) => Promise<BatchResult>;
  publish: (stored: BatchResult, events: InboundEvent[]) => Promise<void>;
  nowMs: () => number;
};

/** Looks into the spools of a shard for an admin, and retries or takes out one event. */
export class SpoolDesk {
  readonly #deps: DeskDeps;
  /** The events of each spool that are just being retried. */
  readonly #retried: Record<SpoolName, Set<number>> = { spool: new Set(), imports: new Set() };

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /**
   * The events after a row, without their content. Reads a bounded part of the spool: `nextRow` is the last row that was read,
   * or null at the end.
   */
  list({ spool, phoneNumberIds }: DeskQuery, afterRow: number, limit: number) {
    const { events, nextRow } = this.#deps[spool].browse(afterRow, limit, (event) =>
      isOf(event, phoneNumberIds),
    );
    return { events: events.map((spooled) => ({ ...toDeskEvent(spooled), source: null })), nextRow };
  }

  /** Null where there is no such event of these numbers. */
  find(query: DeskQuery, row: number): DeskEvent | null {
    const spooled = this.#find(query, row);
    return spooled && toDeskEvent(spooled);
  }

  /** Tries to store the event now, and removes it when that succeeds. */
  async retry(query: DeskQuery, row: number): Promise<SpooledRetry | null> {
    const { store, publish, nowMs } = this.#deps;
    const spooled = this.#find(query, row);
    if (!spooled) return null;
    const spool = this.#deps[query.spool];
    if (this.#isHeld(query, row)) return { isStored: false, sqlState: null };
    const retried = this.#retried[query.spool];
    retried.add(row);
    try {
      const stored = await store([spooled.event]);
      await publish(stored, [spooled.event]);
      const [error = null] = stored.errors;
      if (error === null) spool.remove([row]);
      else spool.defer([row], nowMs() + RETRY_DELAY_MS);
      return { isStored: error === null, sqlState: sqlState(error) };
    } finally {
      retried.delete(row);
    }
  }

  /**
   * Takes the event out for good. False where there is no such event of these numbers; null while it is being stored: taken out now,
   * it would be stored nevertheless.
   */
  remove(query: DeskQuery, row: number): boolean | null {
    if (!this.#find(query, row)) return false;
    if (this.#isHeld(query, row)) return null;
    this.#deps[query.spool].remove([row]);
    return true;
  }

  #isHeld({ spool }: DeskQuery, row: number): boolean {
    return this.#retried[spool].has(row) || this.#deps.isHeld(spool, row);
  }

  #find({ spool, phoneNumberIds }: DeskQuery, row: number): SpooledEvent | null {
    const spooled = this.#deps[spool].find(row);
    return spooled && isOf(spooled.event, phoneNumberIds) ? spooled : null;
  }
}

function isOf({ phoneNumberId }: InboundEvent, phoneNumberIds: string[]): boolean {
  return phoneNumberId !== null && phoneNumberIds.includes(phoneNumberId);
}

function toDeskEvent({ event, ...row }: SpooledEvent): DeskEvent {
  return { ...row, kind: event.kind, phoneNumberId: event.phoneNumberId ?? "", source: sourceOf(event) };
}
