import type { Chat } from "../../src/domain/chat.ts";
import type { ChatEvent } from "../../src/domain/chat-event.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Resume } from "../../src/realtime/protocol.ts";
import type { Person } from "./as.ts";
import type { Tab } from "./tab.ts";

/** All that a client shows of a chat; `seq` is the last event in it. Messages stand in the order people see. */
export type ClientState = { epoch: string; seq: number; chat: Chat; messages: Message[] };

/** They show in the message that they refer to. */
const AMENDMENTS = ["reaction", "edit", "revoke"];

/** A first load, by REST. What changes while it runs comes as events, of which some may be in it already. */
export async function load(person: Person, chatId: number): Promise<ClientState> {
  const { epoch, ...chat } = await answer<Chat & { epoch: string }>(person, `/chats/${chatId}`);
  const messages: Message[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${cursor}`;
    const path = `/chats/${chatId}/messages?limit=100${query}`;
    const page: { data: Message[]; prevCursor: string | null } = await answer(person, path);
    messages.unshift(...page.data);
    cursor = page.prevCursor;
  } while (cursor !== null);
  return { epoch, seq: chat.head, chat, messages };
}

/** The state after an event; the same when it is in it already. Throws when one before it is missing. */
function apply(state: ClientState, event: ChatEvent): ClientState {
  if (event.seq <= state.seq) return state;
  if (event.seq > state.seq + 1) throw new Error(`event ${event.seq} follows ${state.seq}: a gap`);
  const { message, chat = state.chat } = event;
  const isShown = message && !AMENDMENTS.includes(message.messageType);
  const others = state.messages.filter(({ id }) => id !== message?.id);
  return {
    ...state,
    seq: event.seq,
    chat: chat.head >= state.chat.head ? chat : state.chat,
    messages: isShown ? [...others, message].sort(byTimeThenNumber) : state.messages,
  };
}

export type Client = {
  state: () => ClientState;
  /** The events that came although the client had them. */
  doubled: number[];
  /** Opens a socket with what the client has; when it is told to, loads afresh. */
  connect: () => Promise<Resume>;
  disconnect: () => Promise<void>;
  /** Says what it has, as a visible client does every 60 seconds. */
  sync: () => void;
  /** Takes events until that number is reached. */
  reach: (seq: number) => Promise<ClientState>;
  /** The code with which the other side closed. */
  closed: () => Promise<number>;
};

/** A client that has just loaded a chat and opened its socket. */
export async function aClient(person: Person, chatId: number): Promise<Client> {
  let state = await load(person, chatId);
  let tab: Tab | null = null;
  const opened = () => {
    if (!tab) throw new Error("the client is not connected");
    return tab;
  };
  const client: Client = {
    state: () => state,
    doubled: [],
    connect: async () => {
      tab = await person.openTab(chatId, `?since=${state.seq}&epoch=${state.epoch}`);
      const hello = await tab.nextFrame();
      if (hello.type !== "hello" || !("resume" in hello)) throw new Error(`${hello.type} came before hello`);
      if (hello.resume === "reset") state = await load(person, chatId);
      return hello.resume;
    },
    disconnect: async () => {
      opened().close();
      await opened().closed;
      tab = null;
    },
    sync: () => opened().send({ type: "sync", seq: state.seq }),
    reach: async (seq) => {
      while (state.seq < seq) {
        const frame = await opened().nextFrame();
        if (frame.type !== "event") continue;
        if (frame.seq <= state.seq) client.doubled.push(frame.seq);
        state = apply(state, frame);
      }
      return state;
    },
    closed: () => opened().closed,
  };
  await client.connect();
  return client;
}

async function answer<Body>(person: Person, path: string): Promise<Body> {
  const response = await person.get(path);
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return await response.json<Body>();
}

function byTimeThenNumber(a: Message, b: Message): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.seq - b.seq;
}
