/** One commit: stores items together, and says of each, in their order, what went wrong (null: it is stored). */
export type Commit<Item> = (items: Item[]) => Promise<(Error | null)[]>;

export type GroupCommitLimits = { maxItems: number; maxInFlight: number };

type Waiting<Item> = { item: Item; done: (error: Error | null) => void };

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

  /** Resolves once all items are stored. Throws the first error when any is not; the others may be stored all the same. */
  async add(items: Item[]): Promise<void> {
    const outcomes = items.map(
      (item) => new Promise<Error | null>((done) => this.#waiting.push({ item, done })),
    );
    this.#start();
    for (const error of await Promise.all(outcomes)) if (error) throw error;
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
    for (const [i, { done }] of batch.entries()) done(errors[i] ?? null);
  }
}
