import { presentAgents } from "./presence.ts";
import {
  type ChatPresence,
  type InboxClientFrame,
  type InboxFrame,
  OPEN_SHOWN_MS,
  TYPING_SHOWN_MS,
} from "./protocol.ts";
import type { Caller, SocketState, Sockets } from "./sockets.ts";

/** What changes is gathered for so long: a hub of many agents must not send a frame for each key that one of them presses. */
const GATHER_MS = 1_000;
/** With more sockets it is gathered for longer, so that a hub does not send more frames than these. */
const FRAMES_PER_SECOND = 250;
const CHATS_PER_FRAME = 100;
/** With more changes waiting the oldest are not sent: what they are about fades in the lists. */
const WAITING_CHATS = 1_000;
/** A sign that only says again what a younger one has said is not passed on. */
const RENEWED_AFTER_MS = 30_000;

/** What a socket's client said last: the chat that its agent has open, since when that is known, and when they last typed. */
type OpenChat = { chatId: number; openAtMs: number; typingAtMs: number | null };

/** Absent: no chat is open, as on a socket that an older version accepted. */
export type OpenChatSign = { openChat?: OpenChat | null };

/** What is needed of a hub's sockets. */
type SignedSockets<State extends SocketState> = Pick<
  Sockets<State>,
  "listOpen" | "stateOf" | "setState" | "isWaiting" | "send"
>;

/**
 * Who of an organization's agents has which chat open, and types there, as their clients say. Signs are kept with their sockets and
 * survive hibernation; changes are sent together. One that is lost is made up for by the client, which repeats its sign.
 */
export class InboxPresence<State extends SocketState & OpenChatSign> {
  readonly #sockets: SignedSockets<State>;
  /** The chats to send, and the agents because of whom. */
  readonly #changed = new Set<number>();
  readonly #changedBy = new Set<number>();
  /** Sockets that have not been sent who is where. */
  readonly #newcomers = new Set<WebSocket>();
  #isGathering = false;

  constructor(sockets: SignedSockets<State>) {
    this.#sockets = sockets;
  }

  /** A new socket will be sent who is where. */
  welcome(socket: WebSocket): void {
    this.#newcomers.add(socket);
    this.#gather();
  }

  /** The chat is not looked up, which would cost a read for each sign: of one that is not theirs colleagues have no row to show it in. */
  set(socket: WebSocket, { chatId, typing }: Extract<InboxClientFrame, { type: "presence" }>): void {
    const nowMs = Date.now();
    const state = this.#sockets.stateOf(socket);
    const before = state.openChat ?? null;
    const openChat = chatId === null ? null : { chatId, openAtMs: nowMs, typingAtMs: typing ? nowMs : null };
    if (!isNews(before, openChat)) return;
    this.#sockets.setState(socket, { ...state, openChat });
    if (before && before.chatId !== chatId) this.#change(before.chatId, state.agentId);
    if (chatId !== null) this.#change(chatId, state.agentId);
  }

  /** The socket is closed. */
  leave(socket: WebSocket): void {
    this.#newcomers.delete(socket);
    const { agentId, openChat } = this.#sockets.stateOf(socket);
    if (openChat) this.#change(openChat.chatId, agentId);
  }

  #change(chatId: number, agentId: number): void {
    // To the end: the newest changes are the last to be dropped.
    this.#changed.delete(chatId);
    this.#changed.add(chatId);
    const [oldest] = this.#changed;
    if (this.#changed.size > WAITING_CHATS && oldest !== undefined) this.#changed.delete(oldest);
    this.#changedBy.add(agentId);
    this.#gather();
  }

  /** The timer keeps the hub from hibernating until the changes are sent. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const sockets = this.#sockets.listOpen().length;
    setTimeout(() => this.#send(), Math.max(GATHER_MS, (sockets / FRAMES_PER_SECOND) * 1_000));
  }

  #send(): void {
    this.#isGathering = false;
    const open = this.#sockets.listOpen();
    const states = open.map((socket) => this.#sockets.stateOf(socket));
    const nowMs = Date.now();
    // An agent who is alone knows what they do.
    const isSeen = this.#changedBy.size > 1 || states.some(({ agentId }) => !this.#changedBy.has(agentId));
    const chatIds = [...this.#changed].slice(0, isSeen ? CHATS_PER_FRAME : WAITING_CHATS);
    const news = isSeen ? presenceIn(states, chatIds, nowMs) : [];
    const all = this.#newcomers.size > 0 ? presenceIn(states, newestOpen(states), nowMs) : [];
    const here = all.filter(({ agents }) => agents.length > 0);
    for (const [sockets, chats] of [
      [open.filter((socket) => !this.#newcomers.has(socket)), news],
      [open.filter((socket) => this.#newcomers.has(socket)), here],
    ] as const) {
      if (chats.length === 0) continue;
      const text = JSON.stringify({ type: "presence", chats } satisfies InboxFrame);
      // A client that is behind needs its rows first.
      for (const socket of sockets) if (!this.#sockets.isWaiting(socket)) this.#sockets.send(socket, text);
    }
    this.#newcomers.clear();
    for (const chatId of chatIds) this.#changed.delete(chatId);
    if (this.#changed.size > 0) this.#gather();
    else this.#changedBy.clear();
  }
}

/** Whether colleagues would see something else, or not see it for much longer. */
function isNews(before: OpenChat | null, now: OpenChat | null): boolean {
  if (!before || !now || before.chatId !== now.chatId) return before !== now;
  if (now.typingAtMs !== null || before.typingAtMs !== null) return true;
  return now.openAtMs - before.openAtMs >= RENEWED_AFTER_MS;
}

/** The chats of which colleagues said last that they are open; as many as a frame may have. */
function newestOpen(states: readonly OpenChatSign[]): number[] {
  const open = states.flatMap(({ openChat }) => openChat ?? []).sort((a, b) => b.openAtMs - a.openAtMs);
  return [...new Set(open.map(({ chatId }) => chatId))].slice(0, CHATS_PER_FRAME);
}

/** Who is in each of these chats. Signs that have faded are left out. */
function presenceIn(
  states: readonly (Caller & OpenChatSign)[],
  chatIds: readonly number[],
  nowMs: number,
): ChatPresence[] {
  const signs = new Map(chatIds.map((chatId) => [chatId, [] as { caller: Caller; openChat: OpenChat }[]]));
  for (const state of states) {
    const { openChat } = state;
    if (openChat) signs.get(openChat.chatId)?.push({ caller: state, openChat });
  }
  return [...signs].map(([chatId, here]) => {
    const shown = (momentOf: (sign: OpenChat) => number | null, shownMs: number) =>
      presentAgents(
        here.map(({ caller: { agentId, name }, openChat }) => ({ agentId, name, atMs: momentOf(openChat) })),
        nowMs,
      ).filter(({ ageMs }) => ageMs < shownMs);
    return {
      chatId,
      agents: shown(({ openAtMs }) => openAtMs, OPEN_SHOWN_MS),
      typing: shown(({ typingAtMs }) => typingAtMs, TYPING_SHOWN_MS),
    };
  });
}
