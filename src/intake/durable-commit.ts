import type { InboundEvent } from "../domain/inbound-event.ts";
import type { Breaker } from "./breaker.ts";
import type { Stored } from "./ingest-batch.ts";
import type { Spool } from "./spool.ts";

declare global {
  /**
   * When a commit that is under way also goes into the spool: so long after its start, or a busy database would send
   * everything to the spool and get it twice. Set in wrangler.toml.
   */
  const HEDGE_MS: number;
}

/** An object may have six calls waiting for headers: two commits, one drain, and room for publishing. */
const IN_FLIGHT = 2;

/** What a durable commit reaches, so that it can be tried without a database and without a clock. */
export type Durability = {
  /** Stores in Postgres; never throws. */
  store: (events: InboundEvent[]) => Promise<Stored>;
  /** Tells those who watch what was committed of these events. */
  publish: (stored: Stored, events: InboundEvent[]) => Promise<void>;
  /** Shows to open sockets what is not numbered yet. */
  announce: (events: InboundEvent[]) => void;
  spool: Pick<Spool, "add" | "remove" | "isEmpty">;
  breaker: Breaker;
  /** Spooled events whose commit is still under way: the drain leaves them alone. */
  held: Set<number>;
  /** Has the spool emptied before long. */
  drainSoon: () => void;
  /** What a promise gives, or null when it takes longer. */
  withTimeout: <Result>(ms: number, promise: Promise<Result>) => Promise<Result | null>;
  nowMs: () => number;
};

/**
 * Makes events durable: in Postgres; or, when that fails or takes too long, in the spool, while the commit that is under way
 * may still succeed and then takes them out again. An event has an error only when neither would have it.
 */
export class DurableCommit {
  readonly #durability: Durability;
  #inFlight = 0;

  constructor(durability: Durability) {
    this.#durability = durability;
  }

  async commit(events: InboundEvent[]): Promise<(Error | null)[]> {
    const { breaker, nowMs, publish, withTimeout } = this.#durability;
    if (this.#inFlight >= IN_FLIGHT || !this.#mayAsk()) {
      const ids = this.#toSpool(events);
      return events.map(() => (ids ? null : noRoom()));
    }
    const storing = this.#store(events);
    const stored = await withTimeout(HEDGE_MS, storing);
    if (stored) {
      await publish(stored, events);
      return this.#spoolFailed(events, stored.errors);
    }
    // Now, not when the call is given up: the statements that a Postgres standing still is handed run once it goes on.
    breaker.failed(nowMs());
    const ids = this.#toSpool(events);
    if (!ids) {
      const late = await storing;
      await publish(late, events);
      return late.errors;
    }
    void this.#takeBack(ids, events, storing);
    return events.map(() => null);
  }

  /** While something waits, the drain finds out whether Postgres is back: what is new must not overtake it. */
  #mayAsk(): boolean {
    const { breaker, nowMs, spool } = this.#durability;
    if (breaker.isOpen && !spool.isEmpty()) return false;
    return breaker.allows(nowMs());
  }

  async #store(events: InboundEvent[]): Promise<Stored> {
    const { breaker, nowMs, store } = this.#durability;
    this.#inFlight += 1;
    const stored = await store(events);
    this.#inFlight -= 1;
    if (stored.isUnavailable) breaker.failed(nowMs());
    else breaker.succeeded();
    return stored;
  }

  /** What was stored late need not be stored again; what was not is left to the drain. */
  async #takeBack(ids: number[], events: InboundEvent[], storing: Promise<Stored>): Promise<void> {
    const { held, spool, publish } = this.#durability;
    for (const id of ids) held.add(id);
    const stored = await storing;
    // Before they are removed: what dies in between is stored and told once more, by the drain.
    await publish(stored, events);
    spool.remove(ids.filter((_, i) => stored.errors[i] === null));
    for (const id of ids) held.delete(id);
  }

  #spoolFailed(events: InboundEvent[], errors: (Error | null)[]): (Error | null)[] {
    const failed = events.filter((_, i) => errors[i] !== null);
    return failed.length === 0 || this.#toSpool(failed) ? events.map(() => null) : errors;
  }

  #toSpool(events: InboundEvent[]): number[] | null {
    const { announce, drainSoon, nowMs, spool } = this.#durability;
    const spooledAt = new Date(nowMs()).toISOString();
    const noted = events.map((event) => (event.kind === "notice" ? event : { ...event, spooledAt }));
    const ids = spool.add(noted, nowMs());
    if (!ids) return null;
    drainSoon();
    announce(events);
    return ids;
  }
}

function noRoom(): Error {
  return new Error("Postgres is away and the spool is full");
}
