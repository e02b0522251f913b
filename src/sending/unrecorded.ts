import type { Settlement } from "../db/outgoing.ts";

/** How an attempt ended that Postgres could not be told, and the claim under which it is to be told. */
export type Unrecorded = { claimId: string; settlement: Settlement };

/** What Meta has answered and Postgres does not know yet: kept in the Sender's storage until it does. */
export class UnrecordedEnds {
  readonly #storage: SyncKvStorage;

  constructor(storage: SyncKvStorage) {
    this.#storage = storage;
  }

  keep(messageId: number, unrecorded: Unrecorded): void {
    this.#storage.put(keyOf(messageId), unrecorded);
  }

  /** The end of the attempt that holds this claim. */
  of(messageId: number, claimId: string): Settlement | null {
    const kept = this.#storage.get<Unrecorded>(keyOf(messageId));
    return kept?.claimId === claimId ? kept.settlement : null;
  }

  forget(messageId: number): void {
    this.#storage.delete(keyOf(messageId));
  }
}

function keyOf(messageId: number): string {
  return `unrecorded:${messageId}`;
}
