/** The chats whose publishing was cut off, kept with the alarm that finishes it. */
export class Unpublished {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec('CREATE TABLE IF NOT EXISTS unpublished ("chatId" INTEGER PRIMARY KEY)');
  }

  add(chatIds: number[]): void {
    for (const id of chatIds) this.#sql.exec("INSERT OR IGNORE INTO unpublished VALUES (?)", id);
  }

  some(limit: number): number[] {
    return this.#sql
      .exec<{ chatId: number }>('SELECT "chatId" FROM unpublished LIMIT ?', limit)
      .toArray()
      .map((row) => row.chatId);
  }

  remove(chatIds: number[]): void {
    for (const id of chatIds) this.#sql.exec('DELETE FROM unpublished WHERE "chatId" = ?', id);
  }
}
