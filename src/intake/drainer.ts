import { INGEST_LIMIT_EVENTS } from "../db/ingest-limits.ts";
import { failpoint } from "../failpoint.ts";
import { log } from "../log.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import { type DrainDeps, type DrainResult, drainBackoffMs, drainOnce } from "./drain.ts";
import type { Spool, SpooledEvent } from "./spool.ts";

/** By then the commits that block a drain have ended or timed out. */
const OVERTAKE_MS = 10_000;
const RETRY_MS = 1_000;
/** After these the alarm ends and runs again: it has other work too, and its duration is limited. */
const MAX_BATCHES_PER_RUN = 25;

type DrainedSpools = {
  spool: Pick<Spool, "oldest" | "remove" | "defer" | "nextDueAtMs">;
  /** Imported history: one batch for each batch of the spool, so that new events never wait behind old ones. */
  imports: Pick<Spool, "oldest" | "remove" | "defer" | "nextDueAtMs">;
};

type DrainerDeps = Omit<DrainDeps, "spool" | "mayOvertake" | "limit"> &
  DrainedSpools & { breaker: CircuitBreaker };

/** Drains both spools batch by batch, and returns when to run next. */
export class Drainer {
  readonly #deps: DrainerDeps;
  #failures = 0;
  /** Batch size, halved after a failure and doubled after a success: a slow Postgres may manage only a small batch in time. */
  #limit = INGEST_LIMIT_EVENTS;
  /** Ids of the events of each spool that a drain has taken and not settled yet. */
  readonly #held = { spool: new Set<number>(), imports: new Set<number>() };
  /** Start of the wait for commits in flight. Bounded, for with a slow Postgres there is always one. */
  #waitingSinceMs: number | null = null;

  constructor(deps: DrainerDeps) {
    this.#deps = deps;
  }

  /** When the first event of either spool is due; null when both are empty. */
  nextDueAtMs(): number | null {
    const { spool, imports } = this.#deps;
    const due = [spool.nextDueAtMs(), imports.nextDueAtMs()].filter((ms) => ms !== null);
    return due.length > 0 ? Math.min(...due) : null;
  }

  /** Whether an event is just being drained. */
  holds(spool: keyof DrainedSpools, id: number): boolean {
    return this.#held[spool].has(id);
  }

  /** Drains one batch of a spool, whose events are held meanwhile. */
  async #drainOnce(name: keyof DrainedSpools, deps: Omit<DrainDeps, "spool">): Promise<DrainResult> {
    const spool = this.#deps[name];
    const held = this.#held[name];
    const oldest = (...limits: Parameters<Spool["oldest"]>): SpooledEvent[] => {
      const batch = spool.oldest(...limits);
      for (const { id } of batch) held.add(id);
      return batch;
    };
    const remove = (ids: number[]) => spool.remove(ids);
    const defer = (ids: number[], dueAtMs: number) => spool.defer(ids, dueAtMs);
    try {
      return await drainOnce({ ...deps, spool: { oldest, remove, defer } });
    } finally {
      held.clear();
    }
  }

  /** Returns the time of the next run. It applies only if events are spooled. */
  async run(): Promise<number> {
    const { breaker, spool: _, imports: _imports, inFlight, nowMs, ...storing } = this.#deps;
    let drained: DrainResult;
    let imported: DrainResult;
    let batches = 0;
    do {
      this.#waitingSinceMs ??= nowMs();
      const limit = this.#limit;
      const mayOvertake = nowMs() - this.#waitingSinceMs > OVERTAKE_MS;
      drained = await this.#drainOnce("spool", { ...storing, nowMs, inFlight, mayOvertake, limit });
      FAILPOINTS && (await failpoint("intake.midDrain"));
      if (drained !== "waiting") this.#waitingSinceMs = null;
      const history = { inFlight: new Set<number>(), mayOvertake: true };
      imported =
        drained === "unavailable"
          ? "idle"
          : await this.#drainOnce("imports", { ...storing, nowMs, limit, ...history });
      if (drained === "progress" || imported === "progress") {
        breaker.recordSuccess();
        if (imported !== "unavailable") this.#limit = Math.min(limit * 2, INGEST_LIMIT_EVENTS);
      }
      batches += 1;
    } while (
      batches < MAX_BATCHES_PER_RUN &&
      (drained === "progress" || (drained === "idle" && imported === "progress"))
    );
    if (drained === "waiting") return nowMs() + RETRY_MS;
    if (drained === "unavailable" || imported === "unavailable") {
      this.#limit = Math.ceil(this.#limit / 2);
      return this.backOff();
    }
    this.#failures = 0;
    if (drained === "progress" || imported === "progress") return nowMs();
    if (this.nextDueAtMs() === null) log("drained");
    return nowMs() + RETRY_MS;
  }

  /** Counts a failed run and returns the time of the next one. */
  backOff(): number {
    this.#failures += 1;
    return this.#deps.nowMs() + drainBackoffMs(this.#failures);
  }
}
