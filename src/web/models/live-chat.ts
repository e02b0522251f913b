import type { ChatEvent } from "../../domain/chat-event.ts";
import type { ChatFrame, Viewer } from "../../realtime/protocol.ts";
import { type Api, NetworkError } from "./api.ts";
import {
  addPage,
  applyEvents,
  type ChatState,
  edgeOf,
  type MessagePage,
  renameMember,
  withoutOldest,
} from "./chat-state.ts";
import { loadChat, PAGE_SIZE } from "./load-chat.ts";
import type { NamedPerson } from "./member-names.ts";
import { type Connection, ReconnectingSocket } from "./reconnecting-socket.ts";
import { TypingAgents } from "./typing-agents.ts";

const ACK_EVERY_MS = 1_000;
const ACK_EVERY_EVENTS = 100;
const SYNC_EVERY_MS = 60_000;

export type LiveChatView = {
  /** Null until the first load is done. */
  state: ChatState | null;
  /** Why the first load failed. */
  error: unknown;
  connection: Connection;
  viewers: readonly Viewer[];
  typing: readonly Viewer[];
  isLoadingOlder: boolean;
  isLoadingNewer: boolean;
};

/** One open chat: loaded by REST, then kept current by its room. A `reset` goes through the code of the first load. */
export class LiveChat {
  readonly #api: Api;
  readonly #chatId: number;
  readonly #listeners = new Set<() => void>();
  #view: LiveChatView = {
    ...{ state: null, error: null, connection: "connecting" },
    ...{ viewers: [], typing: [], isLoadingOlder: false, isLoadingNewer: false },
  };
  #socket: ReconnectingSocket<ChatFrame> | null = null;
  /** Events wait here during a load, and for the end of the turn, so that a replay is painted once. */
  #waiting: ChatEvent[] = [];
  #isLoading = false;
  #acked = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
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
    clearTimeout(this.#ackTimer);
    clearInterval(this.#syncTimer);
    this.#typing.clear();
    document.removeEventListener("visibilitychange", this.#onVisibility);
    removeEventListener("online", this.catchUp);
  }

  /** Loads again after a failed first load, or around a message that is not loaded. */
  async reload(anchor: number | null = null): Promise<void> {
    await this.#load(anchor);
  }

  async loadMore(side: "older" | "newer"): Promise<void> {
    const { state } = this.#view;
    const flag = side === "older" ? "isLoadingOlder" : "isLoadingNewer";
    const edge = state && edgeOf(state, side);
    if (!edge || this.#view[flag]) return;
    this.#update({ [flag]: true });
    try {
      const from = `${side === "older" ? "before" : "after"}=${edge.id}`;
      const page = await this.#api.request<MessagePage>(
        `/chats/${this.#chatId}/messages?limit=${PAGE_SIZE}&${from}`,
      );
      const now = this.#view.state;
      // Elsewhere it would leave a hole.
      if (now?.epoch === state.epoch && edgeOf(now, side)?.id === edge.id)
        this.#update({ state: addPage(now, side, page) });
    } catch {
      // Scrolling there again repeats it.
    } finally {
      this.#update({ [flag]: false });
    }
  }

  /** The first message in view; null when the newest ones are: only then may the oldest ones go. After a `reset` it is there again. */
  setPlace(messageId: number | null): void {
    this.#place = messageId;
  }

  /** Something happened in the chat that the room has not brought: asks for it, and whether the connection is one still. */
  catchUp = (): void => {
    this.#socket?.connectNow();
    this.#sync();
    if (this.#view.error instanceof NetworkError && !this.#isLoading) void this.#load(this.#place);
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

  async #load(anchor: number | null): Promise<void> {
    this.#isLoading = true;
    try {
      const state = await loadChat(this.#api, this.#chatId, anchor);
      if (this.#isClosed) return;
      this.#isLoading = false;
      this.#update({ state, error: null });
      this.#apply();
      this.#socket ??= this.#open();
    } catch (error) {
      this.#isLoading = false;
      if (this.#isClosed) return;
      if (!this.#view.state) return this.#update({ error });
      // After a `reset`: the state from before is kept, and the next `hello` says again what to do.
      this.#waiting = [];
      this.#socket?.reconnect();
    }
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
        this.#acked = this.#view.state?.seq ?? 0;
        this.#update({ connection: "open" });
        this.#socket?.send({ type: "viewing", visible: document.visibilityState === "visible" });
        if (frame.resume === "reset") void this.#load(this.#place);
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
    if (this.#isLoading || this.#isClosed || !state || this.#waiting.length === 0) return;
    const next = applyEvents(state, this.#waiting);
    this.#waiting = [];
    if (!next) {
      this.#socket?.reconnect();
      return;
    }
    this.#update({ state: next });
    // Apart from what was added, or the list would not follow it to the end.
    setTimeout(() => this.#dropOldest(), 0);
    if (next.seq - this.#acked >= ACK_EVERY_EVENTS) this.#ack();
    else this.#ackTimer ??= setTimeout(() => this.#ack(), ACK_EVERY_MS);
  }

  #dropOldest(): void {
    const { state } = this.#view;
    const kept = state && this.#place === null ? withoutOldest(state) : state;
    if (kept !== state) this.#update({ state: kept });
  }

  #ack(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#acked = this.#view.state?.seq ?? 0;
    this.#socket?.send({ type: "ack", seq: this.#acked });
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
