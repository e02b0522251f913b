import type { Chat } from "../../domain/chat.ts";
import type { InboxFrame } from "../../realtime/protocol.ts";
import { Acks } from "./acks.ts";
import type { Api } from "./api.ts";
import { ChatCounter } from "./chat-counter.ts";
import {
  type ChatCounts,
  type ChatFilter,
  type ChatPage,
  hasNewIncoming,
  hasNewMention,
  hasNewName,
  queryOf,
} from "./chat-list.ts";
import { ListPresence } from "./list-presence.ts";
import { LoadedRows } from "./loaded-rows.ts";
import { Polling } from "./polling.ts";
import { type Connection, ReconnectingSocket } from "./reconnecting-socket.ts";
import { requestTicket } from "./socket-ticket.ts";

const ACK_EVERY_ROWS = 50;
/** After a lost connection the list is loaded anew as far as it was, but no farther than this. */
const MOST_RELOADED_PAGES = 20;

export type LiveInboxView = {
  chats: readonly Chat[];
  /** Whether the list was loaded once. */
  isLoaded: boolean;
  isLoadingMore: boolean;
  /** Whether the page that was asked for last did not come. */
  isMoreFailed: boolean;
  hasMore: boolean;
  /** Null until the server has counted once. */
  counts: ChatCounts | null;
  /** How many open chats wait for the agent, whatever the list shows. */
  waiting: number;
  error: unknown;
  connection: Connection;
  /** Whether the list is being loaded for a connection that is open. */
  isCatchingUp: boolean;
};

/** What is new in a chat: a customer's message, a note that mentions the agent, or the name of its contact. */
export type News = "message" | "mention" | "name";

/** The list of chats: its pages by REST, then the rows that the hub sends. After every `hello` the first page is loaded anew. */
export class LiveInbox {
  readonly #api: Api;
  readonly #listeners = new Set<() => void>();
  readonly #socket: ReconnectingSocket<InboxFrame>;
  readonly #onNews: (chat: Chat, news: News) => void;
  readonly #onNotice: () => void;
  readonly #onLabels: () => void;
  #filter: ChatFilter;
  readonly #rows = new LoadedRows();
  #received = 0;
  #catchUps = 0;
  readonly #acks = new Acks(ACK_EVERY_ROWS, (seq) => this.#socket.send({ type: "ack", seq }));
  /** The colleagues in the chats. */
  readonly presence = new ListPresence((frame) => this.#socket.send(frame));
  #generation = 0;
  #me: number | null = null;
  readonly #counter: ChatCounter;
  // On a slow network a look may take longer than to the next one, and must not be given up for it.
  readonly #polling = new Polling(() => !this.#view.isLoadingMore && this.#catchUp());
  #view: LiveInboxView = {
    ...{ chats: [], isLoaded: false, isLoadingMore: false, isMoreFailed: false, hasMore: false },
    ...{ counts: null, waiting: 0, error: null, connection: "connecting", isCatchingUp: false },
  };

  /**
   * `onNews`: the row of a chat and what is new in it, once for each that the page learns of. `onNotice`: the
   * notices of the organization have changed; only admins hear of that. `onLabels`: its labels may have changed.
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
    const shown = () => this.#filter;
    this.#counter = new ChatCounter(api, shown, (counts, waiting) => this.#update({ counts, waiting }));
    this.#socket = new ReconnectingSocket<InboxFrame>({
      path: () => "/api/waba/inbox/socket",
      ticket: () => requestTicket(api, { inbox: true }),
      onFrame: (frame) => this.#onFrame(frame),
      onConnection: (connection) => {
        if (connection === "open") return;
        this.presence.clear();
        this.#update({ connection });
        this.#polling.turn(connection === "blocked");
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
    this.#polling.turn(false);
    this.#acks.close();
    this.presence.clear();
    this.#counter.close();
    document.removeEventListener("visibilitychange", this.#connectNow);
    removeEventListener("online", this.#connectNow);
  }

  /** The agent's id, which "mine" is about. */
  setMe(id: number): void {
    this.#me = id;
    this.#show({});
  }

  /** Shows other chats. What is known of them is shown at once. Does nothing when the filter stays as it is. */
  setFilter(filter: ChatFilter): void {
    if (queryOf(filter, null) === queryOf(this.#filter, null)) return;
    this.#filter = filter;
    this.#rows.restart();
    this.#show({ isLoaded: false, error: null });
    void this.reload();
  }

  /** Loads the first page. Rows that are known stay, and each is replaced by its newer one. */
  async reload(): Promise<void> {
    await this.#reload(false);
  }

  async #reload(isCatchUp: boolean): Promise<void> {
    const generation = ++this.#generation;
    this.#counter.countSoon();
    const endsBefore = this.#rows.reach(this.#view.isLoaded);
    // A page after those of before would be added to the wrong ones.
    this.#update({ isLoadingMore: true, isMoreFailed: false });
    try {
      let page = await this.#api.request<ChatPage>(queryOf(this.#filter, null));
      if (generation !== this.#generation) return;
      if (isCatchUp) this.#announce(page.data);
      // As far as the list was loaded before, or the agent would lose their place in it.
      for (let pages = 1; pages < MOST_RELOADED_PAGES && endsBefore(page); pages++) {
        this.#rows.add(page, this.#filter, this.#me);
        this.#show({ isLoaded: true, error: null });
        page = await this.#api.request<ChatPage>(queryOf(this.#filter, page.nextCursor));
        if (generation !== this.#generation) return;
      }
      this.#rows.addLast(page, this.#filter, this.#me);
      this.#show({ isLoaded: true, isLoadingMore: false, isCatchingUp: false, error: null });
    } catch (error) {
      if (generation === this.#generation) this.#update({ isLoadingMore: false, isCatchingUp: false, error });
    }
  }

  async loadMore(): Promise<void> {
    const generation = this.#generation;
    if (this.#rows.cursor === null || this.#view.isLoadingMore) return;
    this.#update({ isLoadingMore: true, isMoreFailed: false });
    let isMoreFailed = false;
    try {
      const page = await this.#api.request<ChatPage>(queryOf(this.#filter, this.#rows.cursor));
      if (generation === this.#generation) this.#rows.addLast(page, this.#filter, this.#me);
    } catch {
      isMoreFailed = true;
    }
    if (generation === this.#generation) this.#show({ isLoadingMore: false, isMoreFailed });
  }

  /** Of the chats that are loaded, whatever is shown. */
  find(matches: (chat: Chat) => boolean): Chat | undefined {
    return this.#rows.find(matches);
  }

  /** The row of a chat that was read elsewhere, such as by its room. */
  apply(chat: Chat): void {
    this.#rows.set(chat);
    this.#show({});
    this.#counter.countSoon();
  }

  #announce(rows: readonly Chat[]): void {
    for (const chat of rows) {
      const known = this.#rows.get(chat.id);
      if (hasNewIncoming(known, chat)) this.#onNews(chat, "message");
      if (hasNewName(known, chat)) this.#onNews(chat, "name");
      if (hasNewMention(known, chat, this.#me)) this.#onNews(chat, "mention");
    }
  }

  #onFrame(frame: InboxFrame): void {
    if (frame.type === "hello") {
      this.#socket.welcome();
      this.#received = 0;
      this.#acks.begin(0);
      this.presence.say();
      this.#polling.turn(false);
      this.#update({ connection: "open", isCatchingUp: true });
      this.#catchUp();
    } else if (frame.type === "erased") {
      this.#rows.remove(frame.chatIds);
      this.#show({});
    } else if (frame.type === "notice") this.#onNotice();
    else if (frame.type === "labels") this.#onLabels();
    else if (frame.type === "presence") this.presence.replace(frame.chats);
    else if (frame.type === "chat") {
      this.#announce([frame.chat]);
      this.apply(frame.chat);
      this.presence.wrote(frame.chat);
      this.#acks.received(++this.#received);
    }
  }

  /** Loads all that is shown anew. Where a list was loaded before, a row that is new to the page is news. */
  #catchUp(): void {
    this.#rows.age();
    // Those of the first connection have just been loaded.
    if (this.#catchUps++ > 0) this.#onLabels();
    void this.#reload(this.#view.isLoaded);
  }

  #connectNow = (): void => this.#socket.connectNow();

  #show(change: Partial<LiveInboxView>): void {
    const chats = this.#rows.shown(this.#filter, this.#me);
    this.#update({ ...change, chats, hasMore: this.#rows.cursor !== null });
  }

  #update(change: Partial<LiveInboxView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
