import { INGEST_LIMIT_EVENTS } from "../db/ingest-limits.ts";
import { failpoint } from "../failpoint.ts";
import { log } from "../log.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import { type DrainDeps, type DrainResult, drainBackoffMs, drainOnce, putOff } from "./drain.ts";
import type { Spool, SpooledEvent } from "./spool.ts";
import { Suspects } from "./suspects.ts";

/** By then the commits that block a drain have ended or timed out. */
const OVERTAKE_MS = 10_000;
const RETRY_MS = 1_000;
/** After these the alarm ends and runs again: it has other work too, and its duration is limited. */
const MAX_BATCHES_PER_RUN = 25;
/** How many events more are tried when one alone is not stored: a Postgres that answers does so at once. */
const PROBES = { refused: 20, unavailable: 1 };

type DrainedSpools = {
  spool: Pick<Spool, "oldest" | "find" | "remove" | "defer" | "nextDueAtMs">;
  /** Imported history: one batch for each batch of the spool, so that new events never wait behind old ones. */
  imports: Pick<Spool, "oldest" | "find" | "remove" | "defer" | "nextDueAtMs">;
};

type DrainerDeps = Omit<DrainDeps, "spool" | "skipped" | "mayOvertake" | "limit" | "suspect"> &
  DrainedSpools & { breaker: CircuitBreaker };

type SpoolName = keyof DrainedSpools;
/** Of one batch. */
type BatchDeps = Pick<DrainDeps, "inFlight" | "mayOvertake" | "limit">;

/** Drains both spools batch by batch, and returns when to run next. */
export class Drainer {
  readonly #deps: DrainerDeps;
  #failures = 0;
  /** Batch size, halved after a failure and doubled after a success: a slow Postgres may manage only a small batch in time. */
  #limit = INGEST_LIMIT_EVENTS;
  /** Ids of the events of each spool that a drain has taken and not settled yet. */
  readonly #held = { spool: new Set<number>(), imports: new Set<number>() };
  readonly #suspects = { spool: new Suspects(), imports: new Suspects() };
  /** When an event was last stored, by a drain or by a commit. */
  #storedAtMs = 0;
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
  holds(spool: SpoolName, id: number): boolean {
    return this.#held[spool].has(id);
  }

  /** A commit has stored events: Postgres is available. */
  noteStored(): void {
    this.#storedAtMs = this.#deps.nowMs();
  }

  /**
   * Drains one batch. Where a single event is not stored, the next ones are tried: when one of them is, those before it are at fault and
   * not Postgres. Each run begins with the oldest event again, and goes on after the suspects of the run before.
   */
  async #drainBatch(name: SpoolName, deps: BatchDeps): Promise<DrainResult> {
    const suspects = this.#suspects[name];
    let result = await this.#drainOnce(name, deps, suspects.culprits);
    if (result === "progress") suspects.forget(suspects.suspected);
    const [first, ...others] = suspects.suspected;
    if (!isDown(result) || first === undefined) return result;
    if (suspects.errorSince(first, this.#storedAtMs)) {
      await this.#convict(name, [first]);
      return "progress";
    }
    const probing = { ...deps, limit: 1, mayOvertake: true };
    for (let left = PROBES[result]; left > 0; left -= 1) {
      const probe = await this.#drainOnce(name, probing, [...suspects.culprits, ...suspects.suspected]);
      if (probe === "progress") {
        await this.#convict(name, suspects.suspected);
        return probe;
      }
      // All have been tried. The others may have failed because of Postgres.
      if (probe === "idle") suspects.forget(others);
      if (!isDown(probe)) return result;
      result = probe;
    }
    return result;
  }

  /** Defers events that fail while others are stored. */
  async #convict(name: SpoolName, ids: number[]): Promise<void> {
    const { nowMs, deadLetter } = this.#deps;
    const spool = this.#deps[name];
    for (const id of ids) {
      const spooled = spool.find(id);
      const error = this.#suspects[name].convict(id, nowMs());
      // It may be taken out by now.
      if (spooled && error) await putOff({ spool, nowMs, deadLetter }, [{ ...spooled, error }], "culprit");
    }
  }

  /** Tries the first culprit that is due, alone: together with others it would keep them from being stored. */
  async #retryCulprit(name: SpoolName): Promise<DrainResult> {
    const [spool, suspects] = [this.#deps[name], this.#suspects[name]];
    suspects.forget(suspects.culprits.filter((id) => spool.find(id) === null));
    const due = suspects.culprits.find((id) => (spool.find(id)?.dueAtMs ?? 0) <= this.#deps.nowMs());
    if (due === undefined) return "idle";
    const alone = { limit: 1, inFlight: new Set<number>(), mayOvertake: true };
    const result = await this.#drainOnce(name, alone, [], due);
    if (!isDown(result)) suspects.forget([due]);
    else if (suspects.errorSince(due, this.#storedAtMs)) await this.#convict(name, [due]);
    else return result;
    return "progress";
  }

  /** Drains one batch of a spool, or the event with this id. They are in flight meanwhile. */
  async #drainOnce(
    name: SpoolName,
    batch: BatchDeps,
    skipped: number[],
    only: number | null = null,
  ): Promise<DrainResult> {
    const { store, publish, deadLetter, nowMs } = this.#deps;
    const spool = this.#deps[name];
    const held = this.#held[name];
    const oldest = (...limits: Parameters<Spool["oldest"]>): SpooledEvent[] => {
      const found = only === null ? spool.oldest(...limits) : [spool.find(only)];
      const events = found.filter((spooled) => spooled !== null);
      for (const { id } of events) held.add(id);
      return events;
    };
    const remove = (ids: number[]) => spool.remove(ids);
    const defer = (ids: number[], dueAtMs: number) => spool.defer(ids, dueAtMs);
    try {
      const result = await drainOnce({
        ...{ ...batch, store, publish, deadLetter, nowMs },
        spool: { oldest, remove, defer },
        skipped: new Set(skipped),
        suspect: (failed) => this.#suspects[name].add(failed, nowMs()),
      });
      if (result === "progress") this.noteStored();
      return result;
    } finally {
      held.clear();
    }
  }

  /** Returns the time of the next run. It applies only if events are spooled. */
  async run(): Promise<number> {
    const { breaker, inFlight, nowMs } = this.#deps;
    let drained: DrainResult;
    let imported: DrainResult;
    let batches = 0;
    /** Postgres answers, but not to so many: fewer are tried at once. */
    let isNarrowed: boolean;
    do {
      this.#waitingSinceMs ??= nowMs();
      const limit = this.#limit;
      const mayOvertake = nowMs() - this.#waitingSinceMs > OVERTAKE_MS;
      drained = await this.#drainBatch("spool", { inFlight, mayOvertake, limit });
      FAILPOINTS && (await failpoint("intake.midDrain"));
      if (drained !== "waiting") this.#waitingSinceMs = null;
      const history = { inFlight: new Set<number>(), mayOvertake: true };
      imported = isDown(drained) ? "idle" : await this.#drainBatch("imports", { limit, ...history });
      if (drained === "progress" || imported === "progress") {
        breaker.recordSuccess();
        if (!isDown(imported)) this.#limit = Math.min(limit * 2, INGEST_LIMIT_EVENTS);
      }
      if (isDown(drained) || isDown(imported)) this.#limit = Math.ceil(limit / 2);
      isNarrowed = drained === "refused" && limit > 1;
      batches += 1;
    } while (
      batches < MAX_BATCHES_PER_RUN &&
      (isNarrowed || drained === "progress" || (drained === "idle" && imported === "progress"))
    );
    if (drained === "waiting") return nowMs() + RETRY_MS;
    if (isDown(drained) || isDown(imported)) return this.backOff();
    const retried = [await this.#retryCulprit("spool"), await this.#retryCulprit("imports")];
    if (retried.some(isDown)) return this.backOff();
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

function isDown(result: DrainResult): result is "unavailable" | "refused" {
  return result === "unavailable" || result === "refused";
}
