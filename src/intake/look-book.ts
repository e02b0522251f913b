import { afterCall, type Look, type LookNeed, type Looks, lookNeed, noLooks } from "./next-look.ts";

const KEY = "looks";

/** Keeps what the first shard knows of the schedule's looks into Postgres. */
export class LookBook {
  readonly #kv: DurableObjectStorage["kv"];

  constructor(kv: DurableObjectStorage["kv"]) {
    this.#kv = kv;
  }

  need(version: string, nowMs: number): LookNeed {
    return lookNeed(this.#read(), version, nowMs);
  }

  /** Durable when the answer of the call leaves the object (the output gate). */
  addCall(nowMs: number): void {
    const changed = afterCall(this.#read(), nowMs);
    if (changed) this.#kv.put(KEY, changed);
  }

  addLook(last: Look): void {
    this.#kv.put(KEY, { ...this.#read(), last });
  }

  #read(): Looks {
    return this.#kv.get<Looks>(KEY) ?? noLooks;
  }
}
