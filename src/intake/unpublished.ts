/** The chats whose publishing was cut off, kept with the alarm that finishes it. */
export class Unpublished {
  readonly #sql: SqlStorage;
  /** Marked after they were last given out: whoever tells what was news then does not take these marks away. */
  readonly #anew = new Set<number>();

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec('CREATE TABLE IF NOT EXISTS unpublished ("chatId" INTEGER PRIMARY KEY)');
  }

  add(chatIds: number[]): void {
    for (const id of chatIds) {
      this.#anew.add(id);
      this.#sql.exec("INSERT OR IGNORE INTO unpublished VALUES (?)", id);
    }
  }

  isEmpty(): boolean {
    return this.#sql.exec("SELECT 1 FROM unpublished LIMIT 1").toArray().length === 0;
  }

  /** Some of them, which are about to be told as they stand from now on. */
  some(limit: number): number[] {
    const rows = this.#sql
      .exec<{ chatId: number }>('SELECT "chatId" FROM unpublished LIMIT ?', limit)
      .toArray();
    for (const { chatId } of rows) this.#anew.delete(chatId);
    return rows.map(({ chatId }) => chatId);
  }

  remove(chatIds: number[]): void {
    for (const id of chatIds) {
      if (!this.#anew.has(id)) this.#sql.exec('DELETE FROM unpublished WHERE "chatId" = ?', id);
    }
  }
}
