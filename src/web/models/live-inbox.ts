import type { Chat } from "../../domain/chat.ts";
import type { InboxFrame } from "../../realtime/protocol.ts";
import type { Api } from "./api.ts";
import {
  addPageRows,
  addRows,
  type ChatCounts,
  type ChatFilter,
  type ChatRows,
  countsQueryOf,
  hasNewIncoming,
  hasNewMention,
  hasNewName,
  queryOf,
  shownRows,
  withoutRows,
} from "./chat-list.ts";
import { type Connection, ReconnectingSocket } from "./reconnecting-socket.ts";

const ACK_EVERY_MS = 1_000;
const ACK_EVERY_ROWS = 50;
/** Counts are asked for at most twice a second. */
const COUNT_EVERY_MS = 500;

export type LiveInboxView = {
  chats: readonly Chat[];
  /** Whether the list was loaded once. */
  isLoaded: boolean;
  isLoadingMore: boolean;
  hasMore: boolean;
  /** Null until the server has counted once. */
  counts: ChatCounts | null;
  error: unknown;
  connection: Connection;
};

/** What is new in a chat: a customer's message, a note that mentions the agent, or the name of its contact. */
export type News = "message" | "mention" | "name";

type ChatPage = { data: Chat[]; nextCursor: string | null };

/** The list of chats: its pages by REST, then the rows that the hub sends. After every `hello` the first page is loaded anew. */
export class LiveInbox {
  readonly #api: Api;
  readonly #listeners = new Set<() => void>();
  readonly #socket: ReconnectingSocket<InboxFrame>;
  readonly #onNews: (chat: Chat, news: News) => void;
  readonly #onNotice: () => void;
  readonly #onLabels: () => void;
  #filter: ChatFilter;
  #rows: ChatRows = new Map();
  /** The chats whose rows are from before the last connection. */
  #fromBefore = new Set<number>();
  #cursor: string | null = null;
  #last: Chat | null = null;
  #received = 0;
  #acked = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #wasConnected = false;
  #me: number | null = null;
  #countsTimer: ReturnType<typeof setTimeout> | undefined;
  #view: LiveInboxView = {
    chats: [],
    isLoaded: false,
    isLoadingMore: false,
    hasMore: false,
    counts: null,
    error: null,
    connection: "connecting",
  };

  /**
   * `onNews`: the row of a chat and what is new in it, once for each that the page learns of. `onNotice`: the
   * notices of the organization have changed; only admins hear of that. `onLabels`: its labels have changed.
   */
  constructor(
    api: Api,
    filter: ChatFilter,
    onNews: (chat: Chat, news: News) => void,
    onNotice: () => void,
    onLabels: () => void,
  ) {
    this.#api = api;
    this.#filter = filter;
    this.#onNews = onNews;
    this.#onNotice = onNotice;
    this.#onLabels = onLabels;
    this.#socket = new ReconnectingSocket<InboxFrame>({
      path: () => "/api/waba/inbox/socket",
      ticket: async () =>
        (await api.request<{ ticket: string }>("/socket-tickets", { method: "POST", json: { inbox: true } }))
          .ticket,
      onFrame: (frame) => this.#onFrame(frame),
      onConnection: (connection) => {
        if (connection !== "open") this.#update({ connection });
      },
      random: Math.random,
    });
    // Also while the socket cannot be opened.
    void this.reload();
    document.addEventListener("visibilitychange", this.#connectNow);
    addEventListener("online", this.#connectNow);
  }

  get view(): LiveInboxView {
    return this.#view;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close(): void {
    this.#generation++;
    this.#socket.close();
    clearTimeout(this.#ackTimer);
    clearTimeout(this.#countsTimer);
    document.removeEventListener("visibilitychange", this.#connectNow);
    removeEventListener("online", this.#connectNow);
  }

  /** The agent's id, which "mine" is about. */
  setMe(id: number): void {
    this.#me = id;
    this.#show({});
  }

  /** Shows other chats. What is known of them is shown at once. */
  setFilter(filter: ChatFilter): void {
    this.#filter = filter;
    this.#cursor = null;
    this.#last = null;
    this.#show({ isLoaded: false });
    void this.reload();
  }

  /** Loads the first page. Rows that are known stay, and each is replaced by its newer one. */
  async reload(): Promise<void> {
    await this.#reload(false);
  }

  /** `isCatchUp`: after a lost connection, so that a row that is new to the page is news. */
  async #reload(isCatchUp: boolean): Promise<void> {
    const generation = ++this.#generation;
    this.#countSoon();
    try {
      const page = await this.#api.request<ChatPage>(queryOf(this.#filter, null));
      if (generation !== this.#generation) return;
      if (isCatchUp) this.#announce(page.data);
      this.#add(page);
      this.#show({ isLoaded: true, error: null });
    } catch (error) {
      if (generation === this.#generation) this.#update({ error });
    }
  }

  async loadMore(): Promise<void> {
    const generation = this.#generation;
    if (this.#cursor === null || this.#view.isLoadingMore) return;
    this.#update({ isLoadingMore: true });
    try {
      const page = await this.#api.request<ChatPage>(queryOf(this.#filter, this.#cursor));
      if (generation === this.#generation) this.#add(page);
    } catch {
      // Scrolling there again repeats it.
    } finally {
      this.#show({ isLoadingMore: false });
    }
  }

  /** Of the chats that are loaded, whatever is shown. */
  find(matches: (chat: Chat) => boolean): Chat | undefined {
    return [...this.#rows.values()].find(matches);
  }

  /** The row of a chat that was read elsewhere, such as by its room. */
  apply(chat: Chat): void {
    this.#rows = addRows(this.#rows, [chat]);
    this.#fromBefore.delete(chat.id);
    this.#show({});
    this.#countSoon();
  }

  /** Only the server knows the chats that are not loaded. */
  #countSoon(): void {
    this.#countsTimer ??= setTimeout(() => void this.#count(), COUNT_EVERY_MS);
  }

  async #count(): Promise<void> {
    this.#countsTimer = undefined;
    const filter = this.#filter;
    try {
      const counts = await this.#api.request<ChatCounts>(countsQueryOf(filter));
      if (filter === this.#filter) this.#update({ counts });
    } catch {
      // The next row, or the next connection, repeats it.
    }
  }

  #announce(rows: readonly Chat[]): void {
    for (const chat of rows) {
      const known = this.#rows.get(chat.id);
      if (hasNewIncoming(known, chat)) this.#onNews(chat, "message");
      if (hasNewName(known, chat)) this.#onNews(chat, "name");
      if (hasNewMention(known, chat, this.#me)) this.#onNews(chat, "mention");
    }
  }

  #add({ data, nextCursor }: ChatPage): void {
    this.#rows = addPageRows(this.#rows, data, this.#fromBefore);
    for (const { id } of data) this.#fromBefore.delete(id);
    this.#cursor = nextCursor;
    this.#last = nextCursor === null ? null : (data.at(-1) ?? null);
  }

  #onFrame(frame: InboxFrame): void {
    if (frame.type === "hello") {
      this.#socket.welcome();
      this.#received = 0;
      this.#acked = 0;
      this.#fromBefore = new Set(this.#rows.keys());
      this.#update({ connection: "open" });
      void this.#reload(this.#wasConnected);
      this.#wasConnected = true;
    } else if (frame.type === "erased") {
      this.#rows = withoutRows(this.#rows, frame.chatIds);
      this.#show({});
    } else if (frame.type === "notice") this.#onNotice();
    else if (frame.type === "labels") this.#onLabels();
    else if (frame.type === "chat") {
      this.#received++;
      this.#announce([frame.chat]);
      this.apply(frame.chat);
      if (this.#received - this.#acked >= ACK_EVERY_ROWS) this.#ack();
      else this.#ackTimer ??= setTimeout(() => this.#ack(), ACK_EVERY_MS);
    }
  }

  #ack(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#acked = this.#received;
    this.#socket.send({ type: "ack", seq: this.#received });
  }

  #connectNow = (): void => this.#socket.connectNow();

  #show(change: Partial<LiveInboxView>): void {
    const chats = shownRows(this.#rows, this.#filter, this.#last, this.#me);
    this.#update({ ...change, chats, hasMore: this.#cursor !== null });
  }

  #update(change: Partial<LiveInboxView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
