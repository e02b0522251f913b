import type { ChatEvent } from "../../domain/chat-event.ts";
import type { ChatFrame } from "../../realtime/protocol.ts";
import { Acks } from "./acks.ts";
import { type Api, NetworkError } from "./api.ts";
import { addPage, applyEvents, edgeOf, type MessagePage, renameMember, withoutOldest } from "./chat-state.ts";
import { type LiveChatView, NO_PAGE_ASKED, NOTHING_LOADED } from "./live-chat-view.ts";
import { loadChat, PAGE_SIZE } from "./load-chat.ts";
import type { NamedPerson } from "./member-names.ts";
import { ReconnectingSocket } from "./reconnecting-socket.ts";
import { TypingAgents } from "./typing-agents.ts";

const ACK_EVERY_EVENTS = 100;
const SYNC_EVERY_MS = 60_000;

/** One open chat: loaded by REST, then kept current by its room. A `reset` goes through the code of the first load. */
export class LiveChat {
  readonly #api: Api;
  readonly #chatId: number;
  readonly #listeners = new Set<() => void>();
  #view: LiveChatView = NOTHING_LOADED;
  #socket: ReconnectingSocket<ChatFrame> | null = null;
  /** Events wait here during a load, and for the end of the turn, so that a replay is painted once. */
  #waiting: ChatEvent[] = [];
  /** What is on its way: the chat, or another place in it. Of loads that overlap the last one counts. */
  #loading: "chat" | "place" | null = null;
  #loads = 0;
  /** A page of messages counts for the load that it adds to. */
  #loaded = 0;
  readonly #acks = new Acks(ACK_EVERY_EVENTS, (seq) => this.#socket?.send({ type: "ack", seq }));
  #syncTimer: ReturnType<typeof setInterval> | undefined;
  readonly #typing = new TypingAgents((typing) => this.#update({ typing }));
  #isClosed = false;
  #place: number | null = null;

  /** `anchor`: a message that has to be on the first page, instead of the newest ones. */
  constructor(api: Api, chatId: number, anchor: number | null) {
    this.#api = api;
    this.#chatId = chatId;
    this.#place = anchor;
    void this.#load(anchor);
    document.addEventListener("visibilitychange", this.#onVisibility);
    addEventListener("online", this.catchUp);
    this.#syncTimer = setInterval(() => this.#sync(), SYNC_EVERY_MS);
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
    this.#socket?.close();
    this.#acks.close();
    clearInterval(this.#syncTimer);
    this.#typing.clear();
    document.removeEventListener("visibilitychange", this.#onVisibility);
    removeEventListener("online", this.catchUp);
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
      // Elsewhere it would leave a hole.
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
  catchUp = (): void => {
    this.#socket?.connectNow();
    this.#sync();
    this.#repeatPage();
    if (this.#view.error instanceof NetworkError && !this.#loading) void this.#load(this.#place);
  };

  /** Somebody who may be a member of this group has another name. */
  rename(person: NamedPerson): void {
    const { state } = this.#view;
    if (state?.chat.contact.isGroup) this.#update({ state: renameMember(state, person) });
  }

  /** Shows colleagues that this agent is writing. */
  typing(): void {
    this.#socket?.send({ type: "typing" });
  }

  async #load(anchor: number | null, what: "chat" | "place" = "chat"): Promise<boolean> {
    const load = ++this.#loads;
    this.#loading = what;
    try {
      const state = await loadChat(this.#api, this.#chatId, anchor);
      if (this.#isClosed || load !== this.#loads) return true;
      this.#loading = null;
      this.#loaded = load;
      this.#update({ state, error: null, ...NO_PAGE_ASKED });
      this.#apply();
      this.#socket ??= this.#open();
      return true;
    } catch (error) {
      if (this.#isClosed || load !== this.#loads) return true;
      this.#loading = null;
      if (!this.#view.state) this.#update({ error });
      else {
        // After a `reset`: the state from before is kept, and the next `hello` says again what to do.
        this.#waiting = [];
        this.#socket?.reconnect();
      }
      return false;
    }
  }

  /** The connection is back: perhaps the page comes now. */
  #repeatPage(): void {
    const { failedSide } = this.#view;
    if (failedSide) void this.loadMore(failedSide);
  }

  #open(): ReconnectingSocket<ChatFrame> {
    return new ReconnectingSocket<ChatFrame>({
      path: () => {
        const { seq = 0, epoch = "" } = this.#view.state ?? {};
        return `/api/waba/chats/${this.#chatId}/socket?${new URLSearchParams({ since: String(seq), epoch })}`;
      },
      ticket: async () => {
        const json = { chatId: this.#chatId };
        return (await this.#api.request<{ ticket: string }>("/socket-tickets", { method: "POST", json }))
          .ticket;
      },
      onFrame: (frame) => this.#onFrame(frame),
      onConnection: (connection) => {
        // Loading it again says that it does not exist.
        if (connection === "gone") {
          this.#update({ state: null });
          void this.#load(null);
        }
        if (connection === "open") return;
        this.#typing.clear();
        this.#update({ connection, viewers: [] });
      },
      random: Math.random,
    });
  }

  #onFrame(frame: ChatFrame): void {
    switch (frame.type) {
      case "hello":
        this.#socket?.welcome();
        this.#acks.begin(this.#view.state?.seq ?? 0);
        this.#update({ connection: "open" });
        this.#socket?.send({ type: "viewing", visible: document.visibilityState === "visible" });
        if (frame.resume === "reset") void this.#load(this.#place);
        else this.#repeatPage();
        return;
      case "event":
        this.#waiting.push(frame);
        if (this.#waiting.length === 1) setTimeout(() => this.#apply(), 0);
        return;
      case "presence":
        this.#update({ viewers: frame.agents });
        return;
      case "typing":
        this.#typing.add({ agentId: frame.agentId, name: frame.name });
        return;
    }
  }

  #apply(): void {
    const { state } = this.#view;
    if (this.#loading || this.#isClosed || !state || this.#waiting.length === 0) return;
    const next = applyEvents(state, this.#waiting);
    this.#waiting = [];
    if (!next) {
      this.#socket?.reconnect();
      return;
    }
    this.#update({ state: next });
    // Apart from what was added, or the list would not follow it to the end.
    setTimeout(() => this.#dropOldest(), 0);
    this.#acks.received(next.seq);
  }

  #dropOldest(): void {
    const { state } = this.#view;
    const kept = state && this.#place === null ? withoutOldest(state) : state;
    if (kept !== state) this.#update({ state: kept });
  }

  #sync(): void {
    const { state } = this.#view;
    if (document.visibilityState === "visible" && state) this.#socket?.send({ type: "sync", seq: state.seq });
  }

  #onVisibility = (): void => {
    this.#socket?.send({ type: "viewing", visible: document.visibilityState === "visible" });
    this.catchUp();
  };

  #update(change: Partial<LiveChatView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
