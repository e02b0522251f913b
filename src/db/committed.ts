import type { Activity } from "../domain/activity.ts";
import type { Chat } from "../domain/chat.ts";
import type { ChatEventName } from "../domain/chat-event.ts";
import type { ChatNote } from "../domain/chat-note.ts";
import type { Message } from "../domain/message.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import { type ChatRow, type MessageRow, type NoticeRow, toChat, toMessage, toNotice } from "./rows.ts";
import { type ActivityRow, type NoteRow, toActivity, toNote } from "./team-rows.ts";

/** What a transaction changed, in the form that publishing needs. */
export type Committed = { events: CommittedEvent[]; chats: CommittedChat[]; notices?: CommittedNotice[] };

/** Sorted by chat and number. A redelivery has the old number and `isNew` false, so that it is published again. */
export type CommittedEvent = {
  chatId: number;
  seq: number;
  event: ChatEventName;
  isNew: boolean;
  messageId: number | null;
  fromMe: boolean | null;
  /** Null when the chat is not watched. */
  message: Message | null;
  /** Null also for an event that has none. */
  activity: Activity | null;
  note: ChatNote | null;
};

export type CommittedChat = {
  id: number;
  organizationId: number;
  organizationPhoneId: number;
  /** Meta's id of the business number. Null when neither the chat nor an inbox is watched. */
  phoneNumberId: string | null;
  head: number;
  /** Whether the chat may be open somewhere, and whether an inbox of the organization may be. */
  watched: boolean;
  inboxWatched: boolean;
  /** Null when neither is watched. */
  chat: Chat | null;
};

/** A new notice; a redelivery does not return it again. */
export type CommittedNotice = { organizationId: number; inboxWatched: boolean; notice: StoredNotice };

export const nothingCommitted: Committed = { events: [], chats: [] };

/** The same as the SQL function `committed` returns it. Arrays keep it small: usually nothing is watched and this is all. */
export type CommittedRows = {
  events: [
    chatId: number,
    seq: number,
    event: ChatEventName,
    isNew: boolean,
    messageId: number | null,
    fromMe: boolean | null,
  ][];
  chats: [
    id: number,
    organizationId: number,
    organizationPhoneId: number,
    head: number,
    watched: boolean,
    inboxWatched: boolean,
  ][];
  /** The rows to show; null when nothing is watched. */
  rows: {
    messages: MessageRow[];
    chats: { phoneNumberId: string | null; chat: ChatRow }[];
    activities: { chatId: number; row: ActivityRow }[];
    notes: { chatId: number; seq: number; row: NoteRow }[];
  } | null;
};

export function toCommitted({ events, chats, rows }: CommittedRows): Committed {
  const messages = new Map(rows?.messages.map((row) => [row.id, toMessage(row)]));
  const shown = new Map(rows?.chats.map((row) => [row.chat.id, row]));
  return {
    events: events.map(([chatId, seq, event, isNew, messageId, fromMe]) => {
      const message = messageId === null ? undefined : messages.get(messageId);
      const activity = rows?.activities.find(({ chatId: id, row }) => id === chatId && row.seq === seq);
      const note = rows?.notes.find((one) => one.chatId === chatId && one.seq === seq);
      return {
        ...{ chatId, seq, event, isNew, messageId, fromMe, message: message ?? null },
        activity: activity ? toActivity(activity.row) : null,
        note: note ? toNote(note.row) : null,
      };
    }),
    chats: chats.map(([id, organizationId, organizationPhoneId, head, watched, inboxWatched]) => {
      const { phoneNumberId = null, chat } = shown.get(id) ?? {};
      const flags = { watched, inboxWatched, phoneNumberId, chat: chat ? toChat(chat) : null };
      return { id, organizationId, organizationPhoneId, head, ...flags };
    }),
  };
}

/** The same as the SQL function `notices_json` returns it. */
export type CommittedNoticeRow = Omit<CommittedNotice, "notice"> & { notice: NoticeRow };

export function toCommittedNotice(row: CommittedNoticeRow): CommittedNotice {
  return { ...row, notice: toNotice(row.notice) };
}
