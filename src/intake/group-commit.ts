/** Stores items together. Returns one entry per item, in the same order: its error, or null when it is stored. */
export type Commit<Item> = (items: Item[]) => Promise<(Error | null)[]>;

export type GroupCommitDeps<Item> = {
  commit: Commit<Item>;
  /** Makes items durable elsewhere that have waited too long. False when that has no room: they wait on. */
  divert: (items: Item[]) => boolean;
  /** An upper bound of what the item adds to a call. */
  bytesOf: (item: Item) => number;
  /** Calls back after `ms` milliseconds. */
  schedule: (ms: number, callback: () => void) => void;
  nowMs: () => number;
};

/** `maxBytes`: of a commit; one item alone may exceed it. `maxWaitMs`: how long an item waits for its commit to begin. */
export type GroupCommitLimits = {
  maxItems: number;
  maxBytes: number;
  maxInFlight: number;
  maxWaitMs: number;
};

/** One call of `add`. `unsettled`: items without an outcome. `error`: the first error of the others. */
type Call<Item> = {
  sinceMs: number;
  waiting: Item[];
  unsettled: number;
  error: Error | null;
  resolve: () => void;
  reject: (error: Error) => void;
};

type Part<Item> = { call: Call<Item>; items: Item[] };

/**
 * Group commit: items that arrive while a commit is in flight share the next one. An idle group commits an item at once; under
 * load many items share a round trip. Calls share a commit fairly, so that a small call never waits behind a large one; the items
 * of one call keep their order. What waits longer than `maxWaitMs` is diverted.
 */
export class GroupCommit<Item> {
  readonly #deps: GroupCommitDeps<Item>;
  readonly #limits: GroupCommitLimits;
  /** Calls with waiting items, the oldest first. */
  #calls: Call<Item>[] = [];
  #inFlight = 0;
  #isScheduled = false;

  constructor(deps: GroupCommitDeps<Item>, limits: GroupCommitLimits) {
    this.#deps = deps;
    this.#limits = limits;
  }

  /** Resolves once all items are stored or diverted. Throws the first error otherwise; other items may be stored nevertheless. */
  async add(items: Item[]): Promise<void> {
    if (items.length === 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sinceMs = this.#deps.nowMs();
    this.#calls.push({
      sinceMs,
      waiting: [...items],
      unsettled: items.length,
      error: null,
      resolve,
      reject,
    });
    this.#start();
    this.#watch(this.#limits.maxWaitMs);
    await promise;
  }

  #start(): void {
    while (this.#calls.length > 0 && this.#inFlight < this.#limits.maxInFlight) {
      void this.#run(this.#nextBatch());
    }
  }

  #nextBatch(): Part<Item>[] {
    return this.#take(this.#shares(this.#calls));
  }

  /** How many items of each call fit into a commit: equal shares. A call that has less leaves its rest to the larger ones. */
  #shares(calls: Call<Item>[]): Map<Call<Item>, number> {
    const { maxItems, maxBytes } = this.#limits;
    let [room, bytes, callsLeft] = [maxItems, 0, calls.length];
    const shares = new Map<Call<Item>, number>();
    for (const call of calls.toSorted((a, b) => a.waiting.length - b.waiting.length)) {
      const share = Math.min(Math.max(1, Math.floor(room / callsLeft)), room);
      let count = 0;
      for (const item of call.waiting.slice(0, share)) {
        bytes += this.#deps.bytesOf(item);
        if (bytes > maxBytes && room < maxItems) break;
        count += 1;
        room -= 1;
      }
      shares.set(call, count);
      callsLeft -= 1;
      if (room === 0 || bytes > maxBytes) break;
    }
    return shares;
  }

  #take(shares: Map<Call<Item>, number>): Part<Item>[] {
    const parts = this.#calls.flatMap((call) => {
      const items = call.waiting.splice(0, shares.get(call) ?? 0);
      return items.length > 0 ? [{ call, items }] : [];
    });
    this.#calls = this.#calls.filter(({ waiting }) => waiting.length > 0);
    return parts;
  }

  async #run(batch: Part<Item>[]): Promise<void> {
    this.#inFlight += 1;
    const items = batch.flatMap((part) => part.items);
    let errors: (Error | null)[];
    try {
      errors = await this.#deps.commit(items);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error("a commit failed");
      errors = items.map(() => failure);
    }
    this.#inFlight -= 1;
    this.#start();
    let from = 0;
    for (const { call, items } of batch) {
      const outcome = errors.slice(from, from + items.length);
      from += items.length;
      settle(call, items.length, outcome.find((error) => error !== null) ?? null);
    }
  }

  /** One timer for all calls: it is set while any waits. */
  #watch(ms: number): void {
    if (this.#isScheduled || this.#calls.length === 0) return;
    this.#isScheduled = true;
    this.#deps.schedule(ms, () => {
      this.#isScheduled = false;
      const isDiverted = this.#divertOverdue();
      const { maxWaitMs } = this.#limits;
      const [oldest] = this.#calls;
      if (!oldest) return;
      const dueInMs = oldest.sinceMs + maxWaitMs - this.#deps.nowMs();
      this.#watch(isDiverted ? Math.max(dueInMs, 0) : Math.max(dueInMs, maxWaitMs / 4));
    });
  }

  /**
   * Diverts as many overdue items as a commit may have: the rest follows in turns of its own, so that a flood does not block
   * the calls between. False when there is no room.
   */
  #divertOverdue(): boolean {
    const dueAtMs = this.#deps.nowMs() - this.#limits.maxWaitMs;
    const shares = this.#shares(this.#calls.filter(({ sinceMs }) => sinceMs <= dueAtMs));
    const items = [...shares].flatMap(([{ waiting }, count]) => waiting.slice(0, count));
    if (items.length === 0) return true;
    if (!this.#deps.divert(items)) return false;
    for (const { call, items } of this.#take(shares)) settle(call, items.length, null);
    return true;
  }
}

function settle<Item>(call: Call<Item>, count: number, error: Error | null): void {
  call.error ??= error;
  call.unsettled -= count;
  if (call.unsettled > 0) return;
  if (call.error) call.reject(call.error);
  else call.resolve();
}
