import type { Chat } from "../../domain/chat.ts";
import {
  addPageRows,
  addRows,
  type ChatFilter,
  type ChatPage,
  type ChatRows,
  endsBefore,
  goneRows,
  lastOf,
  shownRows,
  withoutRows,
} from "./chat-list.ts";

/** The loaded part of the list of chats: pages, and rows that came since. */
export class LoadedRows {
  #rows: ChatRows = new Map();
  /** The chats whose rows are from before the last connection. */
  #fromBefore = new Set<number>();
  #cursor: string | null = null;
  #last: Chat | null = null;

  /** Where the next page begins; null when there is none. */
  get cursor(): string | null {
    return this.#cursor;
  }

  get(chatId: number): Chat | undefined {
    return this.#rows.get(chatId);
  }

  find(matches: (chat: Chat) => boolean): Chat | undefined {
    return [...this.#rows.values()].find(matches);
  }

  /** The rows to show; `me`: the agent's id, null while it is not known. */
  shown(filter: ChatFilter, me: number | null): Chat[] {
    return shownRows(this.#rows, filter, this.#last, me);
  }

  /** Other pages are loaded from here on. */
  restart(): void {
    this.#cursor = null;
    this.#last = null;
  }

  /** What is known may be out of date, until its page is loaded again. */
  age(): void {
    this.#fromBefore = new Set(this.#rows.keys());
  }

  /** Returns whether a page ends before what is loaded now. `isLoaded`: whether there is anything. */
  reach(isLoaded: boolean): (page: ChatPage) => boolean {
    const before = { last: this.#last, isWhole: isLoaded && this.#cursor === null };
    return (page) => endsBefore(page, before);
  }

  /** Adds the last page so far. */
  addLast(page: ChatPage, filter: ChatFilter, me: number | null): void {
    this.add(page, filter, me);
    this.#cursor = page.nextCursor;
    this.#last = lastOf(page);
  }

  /** Whatever the list had up to the end of this page and the server no longer has there is gone from it. */
  add(page: ChatPage, filter: ChatFilter, me: number | null): void {
    this.#rows = addPageRows(this.#rows, page.data, this.#fromBefore);
    for (const { id } of page.data) this.#fromBefore.delete(id);
    this.remove(goneRows(this.#rows, this.#fromBefore, filter, lastOf(page), me));
  }

  /** The current row of a chat. */
  set(chat: Chat): void {
    this.#rows = addRows(this.#rows, [chat]);
    this.#fromBefore.delete(chat.id);
  }

  remove(chatIds: readonly number[]): void {
    this.#rows = withoutRows(this.#rows, chatIds);
    for (const id of chatIds) this.#fromBefore.delete(id);
  }
}
