/** Stores items together. Returns one entry per item, in the same order: its error, or null when it is stored. */
export type Commit<Item> = (items: Item[]) => Promise<(Error | null)[]>;

export type GroupCommitLimits = { maxItems: number; maxInFlight: number };

/** One call of `add`. `unsettled`: items without an outcome. `error`: the first error of the others. */
type Call = { unsettled: number; error: Error | null; resolve: () => void; reject: (error: Error) => void };

type Waiting<Item> = { item: Item; call: Call };

/**
 * Group commit: items that arrive while a commit is in flight share the next one. An idle group commits an item at once; under
 * load many items share a round trip. Items are committed in the order of arrival.
 */
export class GroupCommit<Item> {
  readonly #commit: Commit<Item>;
  readonly #limits: GroupCommitLimits;
  readonly #waiting: Waiting<Item>[] = [];
  #inFlight = 0;

  constructor(commit: Commit<Item>, limits: GroupCommitLimits) {
    this.#commit = commit;
    this.#limits = limits;
  }

  /** Resolves once all items are stored. Throws the first error otherwise; other items may be stored nevertheless. */
  async add(items: Item[]): Promise<void> {
    if (items.length === 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const call: Call = { unsettled: items.length, error: null, resolve, reject };
    for (const item of items) this.#waiting.push({ item, call });
    this.#start();
    await promise;
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.#limits.maxInFlight) {
      void this.#run(this.#waiting.splice(0, this.#limits.maxItems));
    }
  }

  async #run(batch: Waiting<Item>[]): Promise<void> {
    this.#inFlight += 1;
    let errors: (Error | null)[];
    try {
      errors = await this.#commit(batch.map(({ item }) => item));
    } catch (error) {
      const failure = error instanceof Error ? error : new Error("a commit failed");
      errors = batch.map(() => failure);
    }
    this.#inFlight -= 1;
    this.#start();
    for (const [i, { call }] of batch.entries()) settleOne(call, errors[i] ?? null);
  }
}

function settleOne(call: Call, error: Error | null): void {
  call.error ??= error;
  call.unsettled -= 1;
  if (call.unsettled > 0) return;
  if (call.error) call.reject(call.error);
  else call.resolve();
}
