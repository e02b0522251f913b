import { afterCall, noPolls, type Poll, type PollNeed, type Polls, pollNeed } from "./next-poll.ts";

const KEY = "polls";

/** Keeps what the first shard knows of the schedule's polls of Postgres. */
export class PollRecord {
  readonly #kv: DurableObjectStorage["kv"];

  constructor(kv: DurableObjectStorage["kv"]) {
    this.#kv = kv;
  }

  need(version: string, nowMs: number): PollNeed {
    return pollNeed(this.#read(), version, nowMs);
  }

  /** Durable when the answer of the call leaves the object (the output gate). */
  addCall(nowMs: number): void {
    const changed = afterCall(this.#read(), nowMs);
    if (changed) this.#kv.put(KEY, changed);
  }

  addPoll(last: Poll): void {
    this.#kv.put(KEY, { ...this.#read(), last });
  }

  #read(): Polls {
    return this.#kv.get<Polls>(KEY) ?? noPolls;
  }
}
