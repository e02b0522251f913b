/** By chat: the end of the last message that was given its turn. */
export class Turns {
  readonly #turns = new Map<number, Promise<unknown>>();

  isTaken(chatId: number): boolean {
    return this.#turns.has(chatId);
  }

  /** What a chat's next message waits for; undefined when it is its turn. It may fail. */
  last(chatId: number): Promise<unknown> | undefined {
    return this.#turns.get(chatId);
  }

  /** Has the chat's next message wait until `end`, however that ends. */
  hold(chatId: number, end: Promise<unknown>): void {
    const turn = Promise.allSettled([end]).then(() => {
      if (this.#turns.get(chatId) === turn) this.#turns.delete(chatId);
    });
    this.#turns.set(chatId, turn);
  }
}
