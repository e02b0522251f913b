import type { ChatEvent } from "../../domain/chat-event.ts";
import { type Api, ApiError, NetworkError } from "./api.ts";
import { addPage, applyEvents, edgeOf, type MessagePage, renameMember, withoutOldest } from "./chat-state.ts";
import { type LiveChatView, NO_PAGE_ASKED, NOTHING_LOADED } from "./live-chat-view.ts";
import { loadChat, missedEvents, PAGE_SIZE } from "./load-chat.ts";
import type { NamedPerson } from "./member-names.ts";
import { Polling } from "./polling.ts";
import { Room } from "./room.ts";

/** One open chat: loaded by REST, then kept current by its room. A `reset` goes through the code of the first load. */
export class LiveChat {
  readonly #api: Api;
  readonly #chatId: number;
  readonly #listeners = new Set<() => void>();
  #view: LiveChatView = NOTHING_LOADED;
  /** Null until the first load is done: the room goes on from there. */
  #room: Room | null = null;
  /** Events wait here during a load, and for the end of the turn, so that a replay is painted once. */
  #waiting: ChatEvent[] = [];
  /** What is on its way: the chat, or another place in it. Of loads that overlap the last one counts. */
  #loading: "chat" | "place" | null = null;
  #loads = 0;
  /** A page of messages counts for the load that it adds to. */
  #loaded = 0;
  readonly #polling = new Polling(() => void this.#poll());
  /** The number that this connection leads to at first. */
  #promisedSeq = 0;
  #isClosed = false;
  #place: number | null = null;

  /** `anchor`: a message that has to be on the first page, instead of the newest ones. */
  constructor(api: Api, chatId: number, anchor: number | null) {
    this.#api = api;
    this.#chatId = chatId;
    this.#place = anchor;
    void this.#load(anchor);
    document.addEventListener("visibilitychange", this.#onVisibility);
    addEventListener("online", this.#onReturn);
  }

  get view(): LiveChatView {
    return this.#view;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close(): void {
    this.#isClosed = true;
    this.#room?.close();
    this.#polling.turn(false);
    document.removeEventListener("visibilitychange", this.#onVisibility);
    removeEventListener("online", this.#onReturn);
  }

  /** Loads again after a failed first load, or around a message that is not loaded. False when the server did not give it. */
  async reload(anchor: number | null = null): Promise<boolean> {
    return await this.#load(anchor, this.#view.state ? "place" : "chat");
  }

  /** What is wanted is loaded: a `reload` on its way would lead away from it. */
  stay(): void {
    if (this.#loading !== "place") return;
    this.#loads++;
    this.#loading = null;
    this.#apply();
  }

  async loadMore(side: "older" | "newer"): Promise<void> {
    const { state } = this.#view;
    const flag = side === "older" ? "isLoadingOlder" : "isLoadingNewer";
    const edge = state && edgeOf(state, side);
    if (!edge || this.#view[flag]) return;
    const loaded = this.#loaded;
    let failedSide: LiveChatView["failedSide"] = null;
    this.#update({ [flag]: true, failedSide });
    try {
      const from = `${side === "older" ? "before" : "after"}=${edge.id}`;
      const page = await this.#api.request<MessagePage>(
        `/chats/${this.#chatId}/messages?limit=${PAGE_SIZE}&${from}`,
      );
      const now = this.#view.state;
      // Elsewhere it would leave a gap.
      if (now && loaded === this.#loaded && edgeOf(now, side)?.id === edge.id)
        this.#update({ state: addPage(now, side, page) });
    } catch {
      failedSide = side;
    }
    if (loaded === this.#loaded) this.#update({ [flag]: false, failedSide });
  }

  /** The first message in view; null when the newest ones are: only then may the oldest ones go. After a `reset` it is there again. */
  setPlace(messageId: number | null): void {
    this.#place = messageId;
  }

  /** Something happened in the chat that the room has not brought: asks for it, and whether the connection is one still. */
  catchUp(): void {
    if (this.#view.connection === "blocked") void this.#poll();
    else this.#onReturn();
  }

  /** The server has taken a message of the agent: what becomes of it shows soon. */
  followSent(): void {
    this.#polling.askSoon();
  }

  /** Somebody who may be a member of this group has another name. */
  rename(person: NamedPerson): void {
    const { state } = this.#view;
    if (state?.chat.contact.isGroup) this.#update({ state: renameMember(state, person) });
  }

  /** Shows colleagues that this agent is writing; false: what was written is sent or deleted. */
  typing(isTyping: boolean): void {
    this.#room?.typing(isTyping);
  }

  async #load(anchor: number | null, what: "chat" | "place" = "chat"): Promise<boolean> {
    const load = ++this.#loads;
    this.#loading = what;
    try {
      const state = await loadChat(this.#api, this.#chatId, anchor);
      if (this.#isClosed || load !== this.#loads) return true;
      this.#loading = null;
      this.#loaded = load;
      this.#promisedSeq = 0;
      this.#update({ state, error: null, ...NO_PAGE_ASKED });
      this.#apply();
      this.#room ??= this.#open();
      return true;
    } catch (error) {
      if (this.#isClosed || load !== this.#loads) return true;
      this.#loading = null;
      if (!this.#view.state) this.#update({ error });
      else {
        // After a `reset`: the state from before is kept, and the next `hello` says again what to do.
        this.#waiting = [];
        this.#room?.reconnect();
      }
      return false;
    }
  }

  /** The connection is back: perhaps the page comes now. */
  #repeatPage(): void {
    const { failedSide } = this.#view;
    if (failedSide) void this.loadMore(failedSide);
  }

  #open(): Room {
    return new Room({
      api: this.#api,
      chatId: this.#chatId,
      state: () => this.#view.state,
      onHello: ({ resume, head }) => {
        this.#polling.turn(false);
        this.#promisedSeq = resume === "reset" ? Number.POSITIVE_INFINITY : head;
        this.#update({ connection: "open" });
        if (resume === "reset") void this.#load(this.#place);
        else this.#repeatPage();
      },
      onEvent: (event) => {
        this.#waiting.push(event);
        if (this.#waiting.length === 1) setTimeout(() => this.#apply(), 0);
      },
      onAgents: (shown) => this.#update(shown),
      onConnection: (connection) => {
        this.#update({ connection });
        this.#polling.turn(connection === "blocked");
        if (connection === "gone") this.#leaveErased();
      },
    });
  }

  #apply(): void {
    const { state } = this.#view;
    if (this.#loading || this.#isClosed || !state || this.#waiting.length === 0) return;
    const next = applyEvents(state, this.#waiting);
    this.#waiting = [];
    if (!next) {
      this.#room?.reconnect();
      return;
    }
    this.#update({ state: next });
    // Apart from what was added, or the list would not follow it to the end.
    setTimeout(() => this.#dropOldest(), 0);
    this.#room?.applied(next.seq);
  }

  /** Asks by REST for what the room cannot send. */
  async #poll(): Promise<void> {
    const { state } = this.#view;
    if (!state || this.#loading) return;
    try {
      const events = await missedEvents(this.#api, state);
      if (this.#isClosed || this.#view.connection !== "blocked") return;
      if (!events) return void this.#load(this.#place);
      this.#waiting.push(...events);
      this.#apply();
    } catch (error) {
      // Whatever else is wrong may be over by the next time.
      if (error instanceof ApiError && error.status === 404) this.#leaveErased();
    }
  }

  /** Loading the chat again says that it does not exist. */
  #leaveErased(): void {
    this.#update({ state: null });
    void this.#load(null);
  }

  #dropOldest(): void {
    const { state } = this.#view;
    const kept = state && this.#place === null ? withoutOldest(state) : state;
    if (kept !== state) this.#update({ state: kept });
  }

  #onVisibility = (): void => {
    this.#room?.viewing();
    this.#onReturn();
  };

  /** The network or the tab may be back: nothing waits any longer. */
  #onReturn = (): void => {
    this.#room?.connectNow();
    this.#room?.sync();
    this.#repeatPage();
    if (this.#view.error instanceof NetworkError && !this.#loading) void this.#load(this.#place);
  };

  #update(change: Partial<LiveChatView>): void {
    const view = { ...this.#view, ...change };
    const isBehind = view.state !== null && view.state.seq < this.#promisedSeq;
    this.#view = { ...view, isCatchingUp: isBehind };
    for (const listener of this.#listeners) listener();
  }
}
