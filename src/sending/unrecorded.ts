import type { Settlement } from "../db/outgoing.ts";

/** How long an entry is kept that belongs to no message: a write that was given up may still be carried out. */
const KEPT_MS = 10 * 60_000;
const PREFIX = "unrecorded:";

type Unrecorded = { settlement: Settlement; storedAtMs: number };

/** Results of attempts that Postgres does not have yet, by the claim they were made under, in the Sender's storage. */
export class UnrecordedEnds {
  readonly #storage: SyncKvStorage;

  constructor(storage: SyncKvStorage) {
    this.#storage = storage;
  }

  store(claimId: string, settlement: Settlement): void {
    this.#storage.put<Unrecorded>(PREFIX + claimId, { settlement, storedAtMs: Date.now() });
  }

  /** The end of the attempt that holds this claim. */
  of(claimId: string): Settlement | null {
    return this.#storage.get<Unrecorded>(PREFIX + claimId)?.settlement ?? null;
  }

  forget(claimId: string): void {
    this.#storage.delete(PREFIX + claimId);
  }

  /** Forgets old results whose claims no message holds. `held`: all claims on the number's messages. */
  prune(held: Set<string>): void {
    for (const [key, { storedAtMs }] of this.#storage.list<Unrecorded>({ prefix: PREFIX })) {
      if (storedAtMs + KEPT_MS < Date.now() && !held.has(key.slice(PREFIX.length))) this.#storage.delete(key);
    }
  }
}
