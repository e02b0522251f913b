import type { Activity } from "./activity.ts";
import type { Chat } from "./chat.ts";
import type { ChatNote } from "./chat-note.ts";
import type { Message } from "./message.ts";

export const chatEventNames = [
  "message.created",
  "message.updated",
  "chat.updated",
  "note.created",
  "note.updated",
] as const;
export type ChatEventName = (typeof chatEventNames)[number];

/**
 * One change of a chat under its number. It carries the current row of what changed, so that applying it twice, or a
 * later one first, does no harm. The last event of every delivery also carries the chat's row: its unread count,
 * preview and window change with its messages.
 */
export type ChatEvent = {
  chatId: number;
  seq: number;
  event: ChatEventName;
  message?: Message;
  chat?: Chat;
  /** What an agent did with the chat, where that is a line of its thread. */
  activity?: Activity;
  /** The note, as it is now. */
  note?: ChatNote;
};
