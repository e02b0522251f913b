import type { Failed } from "./drain.ts";

/** `sinceMs`: of a suspect, when it failed first; of a culprit, when it failed last. */
type Suspect = { error: Error; sinceMs: number; isCulprit: boolean };

/**
 * Events of a spool that failed alone as if Postgres were unavailable: their rows may be damaged, or they may be too much for Postgres.
 * Whether it is they or Postgres shows when another event is stored. Then they are culprits, and are tried apart from all others.
 * Forgotten with the object, and found again.
 */
export class Suspects {
  readonly #byId = new Map<number, Suspect>();

  add({ id, error }: Failed, nowMs: number): void {
    const { sinceMs = nowMs, isCulprit = false } = this.#byId.get(id) ?? {};
    this.#byId.set(id, { error, sinceMs, isCulprit });
  }

  /** Those that are no culprits yet, in the order in which they failed. */
  get suspected(): number[] {
    return this.#idsWhere(false);
  }

  get culprits(): number[] {
    return this.#idsWhere(true);
  }

  /** Its last error, when it has failed before an event was stored at this time, and again by now; null when that is not so. */
  errorSince(id: number, storedAtMs: number): Error | null {
    const suspect = this.#byId.get(id);
    return suspect && suspect.sinceMs < storedAtMs ? suspect.error : null;
  }

  /** Returns its last error. */
  convict(id: number, nowMs: number): Error | null {
    const suspect = this.#byId.get(id);
    if (!suspect) return null;
    this.#byId.set(id, { ...suspect, sinceMs: nowMs, isCulprit: true });
    return suspect.error;
  }

  forget(ids: number[]): void {
    for (const id of ids) this.#byId.delete(id);
  }

  #idsWhere(isCulprit: boolean): number[] {
    return [...this.#byId].filter(([_, suspect]) => suspect.isCulprit === isCulprit).map(([id]) => id);
  }
}
