import type { Activity } from "../../src/domain/activity.ts";
import type { Chat } from "../../src/domain/chat.ts";
import type { ChatEvent } from "../../src/domain/chat-event.ts";
import type { ChatNote } from "../../src/domain/chat-note.ts";
import type { Message } from "../../src/domain/message.ts";

/** All that a client shows of a chat; `seq` is the last event in it. Messages stand in the order people see. */
export type ClientState = {
  epoch: string;
  seq: number;
  chat: Chat;
  messages: Message[];
  /** By number. */
  activities: Activity[];
  /** By id, without deleted ones. */
  notes: ChatNote[];
};

export type Get = (path: string) => Promise<{ status: number; json: () => Promise<unknown> }>;

/** A first load, by REST. What changes while it runs comes as events, of which some may be in it already. */
export async function loadBy(get: Get, chatId: number): Promise<ClientState> {
  const { epoch, ...chat } = await answer<Chat & { epoch: string }>(get, `/chats/${chatId}`);
  const messages: Message[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${cursor}`;
    const path = `/chats/${chatId}/messages?limit=100${query}`;
    const page: { data: Message[]; prevCursor: string | null } = await answer(get, path);
    messages.unshift(...page.data);
    cursor = page.prevCursor;
  } while (cursor !== null);
  const { data } = await answer<{ data: Activity[] }>(get, `/chats/${chatId}/activities?limit=100`);
  const notes = await answer<{ data: ChatNote[] }>(get, `/chats/${chatId}/notes?limit=100`);
  return {
    ...{ epoch, seq: chat.head, chat, messages },
    activities: upTo(chat.head, data.reverse()),
    notes: notes.data.reverse(),
  };
}

/** The state after an event; the same when it is in it already. Throws when one before it is missing. */
export function apply(state: ClientState, event: ChatEvent): ClientState {
  if (event.seq <= state.seq) return state;
  if (event.seq > state.seq + 1) throw new Error(`event ${event.seq} follows ${state.seq}: a gap`);
  const { chat = state.chat } = event;
  return {
    ...state,
    seq: event.seq,
    chat: chat.head >= state.chat.head ? chat : state.chat,
    messages: messagesAfter(state, event),
    notes: notesAfter(state, event),
    activities: event.activity ? [...state.activities, event.activity] : state.activities,
  };
}

/** A message of another chat's has left this one, and of a chat that was merged all have. */
function messagesAfter({ chat, messages }: ClientState, event: ChatEvent): Message[] {
  if (event.chat?.mergedIntoId) return [];
  const { message } = event;
  if (!message) return messages;
  const others = messages.filter(({ id }) => id !== message.id);
  // What amends another message shows in that one.
  const isHere = message.chatId === chat.id && message.amends === null;
  return isHere ? [...others, message].sort(byTimeThenNumber) : others;
}

/** A note of another chat's has left this one, and of a chat that was merged all have. */
function notesAfter({ chat, notes }: ClientState, { chat: row, note }: ChatEvent): ChatNote[] {
  if (row?.mergedIntoId) return [];
  if (!note) return notes;
  const others = notes.filter(({ id }) => id !== note.id);
  const isHere = note.chatId === chat.id && note.deletedAt === null;
  return isHere ? [...others, note].sort((a, b) => a.id - b.id) : others;
}

/** Those that were done after the load of the chat come as events. */
function upTo(head: number, activities: Activity[]): Activity[] {
  return activities.filter(({ seq }) => seq <= head);
}

async function answer<Body>(get: Get, path: string): Promise<Body> {
  const response = await get(path);
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  // The API's own answer, as its contract has it.
  return (await response.json()) as Body;
}

function byTimeThenNumber(a: Message, b: Message): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.seq - b.seq;
}
