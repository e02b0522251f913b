/** Chats whose publish failed or timed out. The alarm publishes them again. */
export class Unpublished {
  readonly #sql: SqlStorage;
  /** Added since `next` last returned them: a republish that began earlier must not remove them. */
  readonly #addedSinceRead = new Set<number>();

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec('CREATE TABLE IF NOT EXISTS unpublished ("chatId" INTEGER PRIMARY KEY)');
  }

  add(chatIds: number[]): void {
    for (const id of chatIds) {
      this.#addedSinceRead.add(id);
      this.#sql.exec("INSERT OR IGNORE INTO unpublished VALUES (?)", id);
    }
  }

  isEmpty(): boolean {
    return this.#sql.exec("SELECT 1 FROM unpublished LIMIT 1").toArray().length === 0;
  }

  /** Up to `limit` chats. The caller publishes their state as of now, or later. */
  next(limit: number): number[] {
    const rows = this.#sql
      .exec<{ chatId: number }>('SELECT "chatId" FROM unpublished LIMIT ?', limit)
      .toArray();
    for (const { chatId } of rows) this.#addedSinceRead.delete(chatId);
    return rows.map(({ chatId }) => chatId);
  }

  remove(chatIds: number[]): void {
    for (const id of chatIds) {
      if (!this.#addedSinceRead.has(id)) this.#sql.exec('DELETE FROM unpublished WHERE "chatId" = ?', id);
    }
  }
}
