import type { Api } from "./api.ts";
import { type ChatCounts, type ChatFilter, countsQueryOf } from "./chat-list.ts";

/** Counts are asked for at most twice a second. */
const COUNT_EVERY_MS = 500;

/** How many chats the views have, as the server counts them: only it knows the chats that are not loaded. */
export class ChatCounter {
  readonly #api: Api;
  readonly #filter: () => ChatFilter;
  readonly #onCounts: (counts: ChatCounts) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `filter`: what the list shows at the time; an answer for another filter is dropped. */
  constructor(api: Api, filter: () => ChatFilter, onCounts: (counts: ChatCounts) => void) {
    this.#api = api;
    this.#filter = filter;
    this.#onCounts = onCounts;
  }

  countSoon(): void {
    this.#timer ??= setTimeout(() => void this.#count(), COUNT_EVERY_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #count(): Promise<void> {
    this.#timer = undefined;
    const filter = this.#filter();
    try {
      const counts = await this.#api.request<ChatCounts>(countsQueryOf(filter));
      if (filter === this.#filter()) this.#onCounts(counts);
    } catch {
      // The next row, or the next connection, repeats it.
    }
  }
}
