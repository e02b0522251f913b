import { INGEST_LIMIT_EVENTS } from "../db/ingest.ts";
import { failpoint } from "../failpoint.ts";
import { log } from "../log.ts";
import type { Breaker } from "./breaker.ts";
import { type Drained, type Draining, drainBackoffMs, drainOnce } from "./drain.ts";
import type { Spool } from "./spool.ts";

/** Commits that a drain waits for are over by then, or given up. */
const OVERTAKE_MS = 10_000;
const SOON_MS = 1_000;
/** Then the alarm begins anew: it has other work too, and may not take for ever. */
const BATCHES_AT_A_TIME = 25;

type Parts = Omit<Draining, "spool" | "mayOvertake" | "limit"> & {
  spool: Pick<Spool, "oldest" | "remove" | "putOff" | "nextDueAtMs">;
  /** Old messages: one batch of them for each look at the spool, so that what is new never waits behind them. */
  imports: Pick<Spool, "oldest" | "remove" | "putOff" | "nextDueAtMs">;
  breaker: Breaker;
};

/** Empties both spools, batch after batch, and says when to go on. */
export class Drainer {
  readonly #parts: Parts;
  #failures = 0;
  /** Half as much after each failure, twice after each success: a slow Postgres may manage a part in time, but not all. */
  #limit = INGEST_LIMIT_EVENTS;
  /** Since when it waits for commits that are under way: in a slow Postgres there is always one. */
  #waitsSinceMs: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** When the first of what waits is due; null when nothing waits. */
  nextDueAtMs(): number | null {
    const { spool, imports } = this.#parts;
    const due = [spool.nextDueAtMs(), imports.nextDueAtMs()].filter((ms) => ms !== null);
    return due.length > 0 ? Math.min(...due) : null;
  }

  /** Gives the moment of the next run, should anything wait then. */
  async run(): Promise<number> {
    const { breaker, spool, imports, held, nowMs, ...storing } = this.#parts;
    let drained: Drained;
    let imported: Drained;
    let batches = 0;
    do {
      this.#waitsSinceMs ??= nowMs();
      const limit = this.#limit;
      const mayOvertake = nowMs() - this.#waitsSinceMs > OVERTAKE_MS;
      drained = await drainOnce({ ...storing, nowMs, spool, held, mayOvertake, limit });
      FAILPOINTS && (await failpoint("intake.midDrain"));
      if (drained !== "waits") this.#waitsSinceMs = null;
      const old = { spool: imports, held: new Set<number>(), mayOvertake: true };
      imported = drained === "unavailable" ? "idle" : await drainOnce({ ...storing, nowMs, limit, ...old });
      if (drained === "progress" || imported === "progress") {
        breaker.succeeded();
        if (imported !== "unavailable") this.#limit = Math.min(limit * 2, INGEST_LIMIT_EVENTS);
      }
      batches += 1;
    } while (
      batches < BATCHES_AT_A_TIME &&
      (drained === "progress" || (drained === "idle" && imported === "progress"))
    );
    if (drained === "waits") return nowMs() + SOON_MS;
    if (drained === "unavailable" || imported === "unavailable") {
      this.#limit = Math.ceil(this.#limit / 2);
      return this.backOff();
    }
    this.#failures = 0;
    if (drained === "progress" || imported === "progress") return nowMs();
    if (this.nextDueAtMs() === null) log("drained");
    return nowMs() + SOON_MS;
  }

  /** The same after it failed. */
  backOff(): number {
    this.#failures += 1;
    return this.#parts.nowMs() + drainBackoffMs(this.#failures);
  }
}
