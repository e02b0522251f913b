import type { InboundEvent } from "../domain/inbound-event.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { BatchResult } from "./ingest-batch.ts";
import type { Spool } from "./spool.ts";

declare global {
  /**
   * Milliseconds after which a commit that is still in flight is also spooled, and after which an event that still waits for its
   * commit is spooled instead. Too low a value would spool everything while the database is busy, and store it twice. Set in
   * wrangler.toml.
   */
  const HEDGE_MS: number;
}

/** An object may have six calls waiting for headers: two commits, one drain, the rest for publishing. */
const MAX_STORE_CALLS = 2;

/** Injected, so that tests need neither a database nor a clock. */
export type DurableCommitDeps = {
  /** Stores events in Postgres. Never throws. */
  store: (events: InboundEvent[]) => Promise<BatchResult>;
  /** Publishes what was committed to rooms and hubs. */
  publish: (stored: BatchResult, events: InboundEvent[]) => Promise<void>;
  /** Shows events to open sockets before they have a `seq`. */
  publishPending: (events: InboundEvent[]) => void;
  spool: Pick<Spool, "add" | "remove" | "isEmpty">;
  breaker: CircuitBreaker;
  /** Ids of spooled events whose commit is still in flight: the drain skips them. */
  inFlight: Set<number>;
  /** Schedules a drain of the spool. */
  scheduleDrain: () => void;
  /** The result of the promise, or null when it takes longer than `ms`. */
  withTimeout: <Result>(ms: number, promise: Promise<Result>) => Promise<Result | null>;
  nowMs: () => number;
};

/**
 * Makes events durable: in Postgres or, when that fails or takes too long, in the spool. A slow commit may still succeed; then
 * its events are removed from the spool. An event gets an error only when neither Postgres nor the spool stored it.
 */
export class DurableCommit {
  readonly #deps: DurableCommitDeps;
  #storeCalls = 0;

  constructor(deps: DurableCommitDeps) {
    this.#deps = deps;
  }

  async commit(events: InboundEvent[]): Promise<(Error | null)[]> {
    const { breaker, nowMs, publish, withTimeout } = this.#deps;
    if (this.#storeCalls >= MAX_STORE_CALLS || !this.#mayCallPostgres()) {
      const ids = this.#toSpool(events);
      return events.map(() => (ids ? null : notDurable()));
    }
    const storing = this.#store(events);
    const stored = await withTimeout(HEDGE_MS, storing);
    if (stored) {
      await publish(stored, events);
      return this.#spoolFailed(events, stored.errors);
    }
    // Recorded now and not at the timeout: a stalled Postgres runs all queued statements once it continues.
    breaker.recordFailure(nowMs());
    const ids = this.#toSpool(events);
    if (!ids) {
      const late = await storing;
      await publish(late, events);
      return late.errors;
    }
    void this.#settleLate(ids, events, storing);
    return events.map(() => null);
  }

  /** Spools events that have waited too long for their commit to begin. False when the spool is full. */
  divert(events: InboundEvent[]): boolean {
    return this.#toSpool(events) !== null;
  }

  /** While events are spooled, only the drain probes Postgres: new events must not overtake them. */
  #mayCallPostgres(): boolean {
    const { breaker, nowMs, spool } = this.#deps;
    if (breaker.isOpen && !spool.isEmpty()) return false;
    return breaker.tryAcquire(nowMs());
  }

  async #store(events: InboundEvent[]): Promise<BatchResult> {
    const { breaker, nowMs, store } = this.#deps;
    this.#storeCalls += 1;
    const stored = await store(events);
    this.#storeCalls -= 1;
    if (stored.isUnavailable) breaker.recordFailure(nowMs());
    else breaker.recordSuccess();
    return stored;
  }

  /** Removes what a slow commit stored in the end. The drain stores the rest. */
  async #settleLate(ids: number[], events: InboundEvent[], storing: Promise<BatchResult>): Promise<void> {
    const { inFlight, spool, publish } = this.#deps;
    for (const id of ids) inFlight.add(id);
    const stored = await storing;
    // Published before they are removed: after a crash in between, the drain stores and publishes the events again.
    await publish(stored, events);
    spool.remove(ids.filter((_, i) => stored.errors[i] === null));
    for (const id of ids) inFlight.delete(id);
  }

  #spoolFailed(events: InboundEvent[], errors: (Error | null)[]): (Error | null)[] {
    const failed = events.filter((_, i) => errors[i] !== null);
    return failed.length === 0 || this.#toSpool(failed) ? events.map(() => null) : errors;
  }

  #toSpool(events: InboundEvent[]): number[] | null {
    const { publishPending, scheduleDrain, nowMs, spool } = this.#deps;
    const spooledAt = new Date(nowMs()).toISOString();
    const stamped = events.map((event) => (event.kind === "notice" ? event : { ...event, spooledAt }));
    const ids = spool.add(stamped, nowMs());
    if (!ids) return null;
    scheduleDrain();
    publishPending(events);
    return ids;
  }
}

function notDurable(): Error {
  return new Error("Postgres is unavailable and the spool is full");
}
