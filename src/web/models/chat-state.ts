import type { Activity } from "../../domain/activity.ts";
import type { Chat } from "../../domain/chat.ts";
import type { ChatEvent } from "../../domain/chat-event.ts";
import type { ChatNote } from "../../domain/chat-note.ts";
import type { Message } from "../../domain/message.ts";
import { type NamedPerson, withMemberName } from "./member-names.ts";

/** The open chat as the page knows it. `seq`: the last event that is applied. Messages are in the order in which they are shown. */
export type ChatState = {
  chat: Chat;
  epoch: string;
  seq: number;
  messages: readonly Message[];
  /** What agents did with the chat, oldest first; of an old chat the last ones. */
  activities: readonly Activity[];
  /** What agents wrote about the chat for one another, oldest first; of an old chat the last ones. */
  notes: readonly ChatNote[];
  /** Whether the chat has messages before and after those that are loaded. */
  hasOlder: boolean;
  hasNewer: boolean;
};

/** So many messages are kept of a chat, around those in view: the others are dropped, and loaded again when they are wanted. */
const KEPT_MESSAGES = 1_000;
/** They are dropped by so many at a time. */
const DROPPED_MESSAGES = 200;

export type MessagePage = { data: Message[]; nextCursor: string | null; prevCursor: string | null };

/** The state after a first load: `chat` was read before the pages, so that what came between is replayed. */
export function loadedChat(
  { epoch, ...chat }: Chat & { epoch: string },
  page: MessagePage,
  activities: readonly Activity[],
  notes: readonly ChatNote[],
): ChatState {
  return {
    chat,
    epoch,
    seq: chat.head,
    messages: merge([], page.data, chat.id),
    activities: mergeActivities([], activities),
    notes: mergeNotes([], notes),
    hasOlder: page.prevCursor !== null,
    hasNewer: page.nextCursor !== null,
  };
}

/**
 * The state after these events of the log, in their order; those that are applied already are ignored. Null when an event is
 * missing between: then the chat has to be resumed from `state.seq`.
 */
export function applyEvents(state: ChatState, events: readonly ChatEvent[]): ChatState | null {
  let { seq, chat } = state;
  const rows: Message[] = [];
  const done: Activity[] = [];
  const written: ChatNote[] = [];
  for (const event of events) {
    if (event.seq <= seq) continue;
    if (event.seq > seq + 1) return null;
    seq = event.seq;
    if (event.message) rows.push(event.message);
    if (event.activity) done.push(event.activity);
    if (event.note) written.push(event.note);
    // A row may be newer than its event.
    if (event.chat && event.chat.id === chat.id && event.chat.head >= chat.head) chat = event.chat;
  }
  if (seq === state.seq) return state;
  const known = chat.mergedIntoId === null ? state.messages : [];
  let messages = merge(known, rows.filter(isInLoadedPart(state)), chat.id);
  // What a member of a group writes comes with the name that is known now.
  for (const { content } of rows) if (content?.sender) messages = withMemberName(messages, content.sender);
  const activities = mergeActivities(state.activities, done);
  return { ...state, seq, chat, messages, activities, notes: mergeNotes(state.notes, written) };
}

/** The state after a person got another name. */
export function renameMember(state: ChatState, person: NamedPerson): ChatState {
  const messages = withMemberName(state.messages, person);
  return messages === state.messages ? state : { ...state, messages };
}

/**
 * Adds a page of older or newer messages, and drops from the other end what is too much. Rows that are known stay: an event may
 * have brought them newer.
 */
export function addPage(state: ChatState, side: "older" | "newer", page: MessagePage): ChatState {
  const known = new Set(state.messages.map(({ id }) => id));
  const added = page.data.filter(({ id }) => !known.has(id));
  const messages = merge(state.messages, added, state.chat.id);
  const isTooMuch = messages.length > KEPT_MESSAGES;
  return side === "older"
    ? {
        ...state,
        messages: messages.slice(0, KEPT_MESSAGES),
        hasOlder: page.prevCursor !== null,
        hasNewer: state.hasNewer || isTooMuch,
      }
    : {
        ...state,
        messages: messages.slice(-KEPT_MESSAGES),
        hasOlder: state.hasOlder || isTooMuch,
        hasNewer: page.nextCursor !== null,
      };
}

/** Without the oldest messages, where an open chat has gathered too many. */
export function withoutOldest(state: ChatState): ChatState {
  if (state.messages.length < KEPT_MESSAGES + DROPPED_MESSAGES) return state;
  return { ...state, messages: state.messages.slice(-KEPT_MESSAGES), hasOlder: true };
}

/** The first or last of the loaded messages, where the chat has more beyond it. */
export function edgeOf(
  { messages, hasOlder, hasNewer }: ChatState,
  side: "older" | "newer",
): Message | undefined {
  if (side === "older") return hasOlder ? messages[0] : undefined;
  return hasNewer ? messages.at(-1) : undefined;
}

/** Of two rows of one chat the one to show: the one that knows more events, or else the later. */
export function newerRow(current: Chat | undefined, next: Chat): Chat {
  return current && current.head > next.head ? current : next;
}

function mergeActivities(known: readonly Activity[], more: readonly Activity[]): readonly Activity[] {
  if (more.length === 0) return known;
  const bySeq = new Map([...known, ...more].map((activity) => [activity.seq, activity]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** Deleted notes are gone, as they are from a fresh load. */
function mergeNotes(known: readonly ChatNote[], more: readonly ChatNote[]): readonly ChatNote[] {
  if (more.length === 0) return known;
  const byId = new Map([...known, ...more].map((note) => [note.id, note]));
  return [...byId.values()].filter(({ deletedAt }) => deletedAt === null).sort((a, b) => a.id - b.id);
}

/** By Meta's time, then by the number of the event that created the message. */
function compareMessages(a: Message, b: Message): number {
  // Moments of the API have one form, so their texts are in the order of time, and comparing them is cheap.
  if (a.createdAt === b.createdAt) return a.seq - b.seq;
  return a.createdAt < b.createdAt ? -1 : 1;
}

/** While newer pages are missing, a new message waits for its page: it would be shown beside messages that it does not follow. */
function isInLoadedPart({ messages, hasNewer }: ChatState) {
  const last = messages.at(-1);
  const known = new Set(messages.map(({ id }) => id));
  return (message: Message) =>
    !hasNewer || known.has(message.id) || (last !== undefined && compareMessages(message, last) < 0);
}

/** Messages that only change another one have no place of their own, nor those that moved to another chat. */
function merge(known: readonly Message[], rows: readonly Message[], chatId: number): readonly Message[] {
  if (rows.length === 0) return known;
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const row of rows) {
    if (row.chatId === chatId && row.amends === null) byId.set(row.id, row);
    else byId.delete(row.id);
  }
  return [...byId.values()].sort(compareMessages);
}
