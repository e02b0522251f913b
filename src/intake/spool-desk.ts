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
  /** Ids of spooled events whose commit is still in flight. */
  inFlight: ReadonlySet<number>;
  store: (events: InboundEvent[]) => Promise<BatchResult>;
  publish: (stored: BatchResult, events: InboundEvent[]) => Promise<void>;
  nowMs: () => number;
};

/** Looks into the spools of a shard for an admin, and retries or takes out one event. */
export class SpoolDesk {
  readonly #deps: DeskDeps;

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
    const { inFlight, store, publish, nowMs } = this.#deps;
    const spooled = this.#find(query, row);
    if (!spooled) return null;
    const spool = this.#deps[query.spool];
    if (query.spool === "spool" && inFlight.has(row)) return { isStored: false, sqlState: null };
    const stored = await store([spooled.event]);
    await publish(stored, [spooled.event]);
    const [error = null] = stored.errors;
    if (error === null) spool.remove([row]);
    else spool.defer([row], nowMs() + RETRY_DELAY_MS);
    return { isStored: error === null, sqlState: sqlState(error) };
  }

  /** Takes the event out for good. False where there is no such event of these numbers. */
  remove(query: DeskQuery, row: number): boolean {
    if (!this.#find(query, row)) return false;
    this.#deps[query.spool].remove([row]);
    return true;
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
