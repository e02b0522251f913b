/** The tickets that were used in this object, remembered until they would have run out anyway. */
export class SpentTickets {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec('CREATE TABLE IF NOT EXISTS spent (id TEXT PRIMARY KEY, "expiresAtMs" INTEGER)');
  }

  /** Whether the ticket may be used: true once. */
  spend(ticket: { id: string; expiresAtMs: number }, now: Date): boolean {
    this.#sql.exec('DELETE FROM spent WHERE "expiresAtMs" <= ?', now.getTime());
    const { rowsWritten } = this.#sql.exec(
      "INSERT OR IGNORE INTO spent VALUES (?, ?)",
      ticket.id,
      ticket.expiresAtMs,
    );
    return rowsWritten > 0;
  }
}
