import type { Api } from "./api.ts";
import { type ChatCounts, type ChatFilter, countsQueryOf, OPEN_CHATS, waitingOf } from "./chat-list.ts";

/** Counts are asked for at most twice a second. */
const COUNT_EVERY_MS = 500;

type OnCounts = (counts: ChatCounts, waiting: number) => void;

/** How many chats the views have, as the server counts them: only it knows the chats that are not loaded. */
export class ChatCounter {
  readonly #api: Api;
  readonly #filter: () => ChatFilter;
  readonly #onCounts: OnCounts;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * `filter`: what the list shows at the time; an answer for another filter is dropped. `onCounts`: the counts under that filter, and
   * how many open chats wait for the agent, whatever it is.
   */
  constructor(api: Api, filter: () => ChatFilter, onCounts: OnCounts) {
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
      const asked = this.#api.request<ChatCounts>(countsQueryOf(filter));
      const isOpen = countsQueryOf(filter) === countsQueryOf(OPEN_CHATS);
      const open = isOpen ? asked : this.#api.request<ChatCounts>(countsQueryOf(OPEN_CHATS));
      const [counts, openCounts] = await Promise.all([asked, open]);
      if (filter === this.#filter()) this.#onCounts(counts, waitingOf(openCounts));
    } catch {
      // The next row, or the next connection, repeats it.
    }
  }
}
