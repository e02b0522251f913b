import type { ChatEvent } from "../../domain/chat-event.ts";
import type { ChatFrame, Resume } from "../../realtime/protocol.ts";
import { Acks } from "./acks.ts";
import type { Api } from "./api.ts";
import { ChatPresence, type ShownAgents } from "./chat-presence.ts";
import type { ChatState } from "./chat-state.ts";
import { type Connection, ReconnectingSocket } from "./reconnecting-socket.ts";
import { requestTicket } from "./socket-ticket.ts";

const ACK_EVERY_EVENTS = 100;
const SYNC_EVERY_MS = 60_000;

type RoomOptions = {
  api: Api;
  chatId: number;
  /** What the page has of the chat, from where the room goes on. */
  state(): ChatState | null;
  onHello(hello: { resume: Resume; head: number }): void;
  onEvent(event: ChatEvent): void;
  onAgents(shown: ShownAgents): void;
  /** What becomes of the connection; that it is open is said by `onHello`. */
  onConnection(connection: Exclude<Connection, "open">): void;
};

/** The connection of an open chat with its room: its events, and the colleagues who are there. */
export class Room {
  readonly #options: RoomOptions;
  readonly #socket: ReconnectingSocket<ChatFrame>;
  readonly #acks = new Acks(ACK_EVERY_EVENTS, (seq) => this.#socket.send({ type: "ack", seq }));
  readonly #presence: ChatPresence;
  readonly #syncTimer = setInterval(() => this.sync(), SYNC_EVERY_MS);

  constructor(options: RoomOptions) {
    this.#options = options;
    const { api, chatId } = options;
    this.#presence = new ChatPresence((frame) => this.#socket.send(frame), options.onAgents);
    this.#socket = new ReconnectingSocket<ChatFrame>({
      path: () => {
        const { seq = 0, epoch = "" } = options.state() ?? {};
        return `/api/waba/chats/${chatId}/socket?${new URLSearchParams({ since: String(seq), epoch })}`;
      },
      ticket: () => requestTicket(api, { chatId }),
      onFrame: (frame) => this.#onFrame(frame),
      onConnection: (connection) => {
        if (connection === "open") return;
        this.#presence.clear();
        options.onConnection(connection);
      },
      random: Math.random,
    });
  }

  close(): void {
    this.#socket.close();
    this.#acks.close();
    this.#presence.clear();
    clearInterval(this.#syncTimer);
  }

  connectNow(): void {
    this.#socket.connectNow();
  }

  /** From the state of the page as it is now. */
  reconnect(): void {
    this.#socket.reconnect();
  }

  /** Has the room compare what the page has with the database. */
  sync(): void {
    const state = this.#options.state();
    if (document.visibilityState === "visible" && state) this.#socket.send({ type: "sync", seq: state.seq });
  }

  /** The events up to this number are applied. */
  applied(seq: number): void {
    this.#acks.received(seq);
  }

  /** Shows colleagues whether the chat is in view. */
  viewing(): void {
    this.#presence.say();
  }

  /** Shows colleagues that this agent is writing; false: what was written is sent or deleted. */
  typing(isTyping: boolean): void {
    this.#presence.sayTyping(isTyping);
  }

  #onFrame(frame: ChatFrame): void {
    if (frame.type === "hello") {
      this.#socket.welcome();
      this.#acks.begin(this.#options.state()?.seq ?? 0);
      this.#presence.begin();
      this.#options.onHello(frame);
    } else if (frame.type === "event") {
      if (frame.event === "message.created") this.#presence.wrote(frame.message?.agentId ?? null);
      this.#options.onEvent(frame);
    } else if (frame.type === "presence") this.#presence.present(frame.agents);
    else if (frame.type === "typing") this.#presence.typing(frame);
  }
}
