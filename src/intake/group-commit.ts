/** One commit: stores items together, and says of each, in their order, what went wrong (null: it is stored). */
export type Commit<Item> = (items: Item[]) => Promise<(Error | null)[]>;

export type GroupCommitLimits = { maxItems: number; maxInFlight: number };

/** One call of `add`: how many of its items have no outcome yet, and the first error of those that have. */
type Call = { open: number; error: Error | null; resolve: () => void; reject: (error: Error) => void };

type Waiting<Item> = { item: Item; call: Call };

/**
 * Gathers what arrives while commits are under way and hands it to the next one: at rest an item waits for nobody,
 * under load many share a round trip. Items leave in the order in which they came.
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

  /** Resolves once all items are stored. Throws an error of those that are not; the others may be stored all the same. */
  async add(items: Item[]): Promise<void> {
    if (items.length === 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const call: Call = { open: items.length, error: null, resolve, reject };
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
    for (const [i, { call }] of batch.entries()) conclude(call, errors[i] ?? null);
  }
}

function conclude(call: Call, error: Error | null): void {
  call.error ??= error;
  call.open -= 1;
  if (call.open > 0) return;
  if (call.error) call.reject(call.error);
  else call.resolve();
}
