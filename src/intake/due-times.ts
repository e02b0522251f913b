/** When an object has work: it has one alarm, which is set for what is due first. */
export class DueTimes {
  /** Null while the spools are empty. */
  drainAtMs: number | null = null;
  /** Later failures do not postpone it, or a steady stream of them would do so forever. */
  republishAtMs: number | null = null;
  readonly #storage: Pick<DurableObjectStorage, "setAlarm">;

  constructor(storage: Pick<DurableObjectStorage, "setAlarm">) {
    this.#storage = storage;
  }

  scheduleDrain(dueAtMs: number): void {
    if (this.drainAtMs !== null && this.drainAtMs <= dueAtMs) return;
    this.drainAtMs = dueAtMs;
    void this.setAlarm();
  }

  async setAlarm(): Promise<void> {
    const due = [this.drainAtMs, this.republishAtMs].filter((ms) => ms !== null);
    if (due.length > 0) await this.#storage.setAlarm(Math.max(Math.min(...due), Date.now()));
  }
}
