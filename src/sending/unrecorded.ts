import type { Settlement } from "../db/outgoing.ts";

/** The result of an attempt that could not be written to Postgres, and the claim it belongs to. */
export type Unrecorded = { claimId: string; settlement: Settlement };

/** Results of attempts that Postgres does not have yet, in the Sender's storage. */
export class UnrecordedEnds {
  readonly #storage: SyncKvStorage;

  constructor(storage: SyncKvStorage) {
    this.#storage = storage;
  }

  store(messageId: number, unrecorded: Unrecorded): void {
    this.#storage.put(keyOf(messageId), unrecorded);
  }

  /** The end of the attempt that holds this claim. */
  of(messageId: number, claimId: string): Settlement | null {
    const stored = this.#storage.get<Unrecorded>(keyOf(messageId));
    return stored?.claimId === claimId ? stored.settlement : null;
  }

  forget(messageId: number): void {
    this.#storage.delete(keyOf(messageId));
  }
}

function keyOf(messageId: number): string {
  return `unrecorded:${messageId}`;
}
