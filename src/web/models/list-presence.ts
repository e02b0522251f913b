import type { Chat } from "../../domain/chat.ts";
import {
  type ChatPresence,
  type InboxClientFrame,
  OPEN_SHOWN_MS,
  TYPING_SHOWN_MS,
  type Viewer,
} from "../../realtime/protocol.ts";
import { FadingAgents } from "./fading-agents.ts";
import { OwnTyping } from "./own-typing.ts";

/** Often enough that a sign which comes late does not make the agent vanish. */
const REPEAT_MS = 60_000;
/** Who goes through the list by its keys has not opened all that they pass. */
const SETTLE_MS = 250;

/** Who has a chat open, and who types there. */
type ShownAgents = { viewers: readonly Viewer[]; typing: readonly Viewer[] };

const NOBODY: ShownAgents = { viewers: [], typing: [] };

/** Who has which chat of the list open, and types there, as the hub says; and says so to the hub of this tab. */
export class ListPresence {
  readonly #send: (frame: InboxClientFrame) => void;
  readonly #listeners = new Set<() => void>();
  readonly #chats = new Map<number, { viewers: FadingAgents; typing: FadingAgents }>();
  readonly #shown = new Map<number, ShownAgents>();
  #front: number | null = null;
  readonly #ownTyping = new OwnTyping();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (frame: InboxClientFrame) => void) {
    this.#send = send;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The agents in a chat, this one among them; the same object until they change. */
  of(chatId: number): ShownAgents {
    return this.#shown.get(chatId) ?? NOBODY;
  }

  /** The chat that the agent has before them; null: none, or the tab is hidden. */
  setFront(chatId: number | null): void {
    this.#front = chatId;
    this.#ownTyping.set(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(false), SETTLE_MS);
  }

  /** The agent types in that chat, or has sent or deleted what they typed. */
  typing(isTyping: boolean): void {
    this.#ownTyping.set(isTyping);
    if (isTyping && this.#front !== null) this.#say(true);
  }

  /** A new connection knows nothing of this tab, nor of what was typed while there was none. */
  say(): void {
    if (this.#front !== null) this.#say(this.#ownTyping.isFresh());
  }

  replace(chats: readonly ChatPresence[]): void {
    for (const { chatId, agents, typing } of chats) {
      const chat = this.#chats.get(chatId) ?? this.#add(chatId);
      chat.viewers.replace(agents);
      chat.typing.replace(typing);
      if (agents.length === 0) this.#chats.delete(chatId);
    }
  }

  /** An agent has sent what they were writing, if the chat's last message is one's. */
  wrote({ id, lastMessage }: Chat): void {
    if (lastMessage?.agentId != null) this.#chats.get(id)?.typing.remove(lastMessage.agentId);
  }

  /** The connection is lost: nobody knows who is where. */
  clear(): void {
    clearTimeout(this.#timer);
    for (const { viewers, typing } of this.#chats.values())
      for (const agents of [viewers, typing]) agents.clear();
    this.#chats.clear();
  }

  #say(typing: boolean): void {
    clearTimeout(this.#timer);
    this.#send({ type: "presence", chatId: this.#front, typing });
    if (this.#front !== null) this.#timer = setTimeout(() => this.#say(false), REPEAT_MS);
  }

  #add(chatId: number) {
    const show = (change: Partial<ShownAgents>) => {
      const shown = { ...this.of(chatId), ...change };
      if (shown.viewers.length + shown.typing.length > 0) this.#shown.set(chatId, shown);
      else this.#shown.delete(chatId);
      for (const listener of this.#listeners) listener();
    };
    const chat = {
      viewers: new FadingAgents(OPEN_SHOWN_MS, (viewers) => show({ viewers })),
      typing: new FadingAgents(TYPING_SHOWN_MS, (typing) => show({ typing })),
    };
    this.#chats.set(chatId, chat);
    return chat;
  }
}
