import type { Chat } from "../domain/chat.ts";
import type { ChatEventName } from "../domain/chat-event.ts";
import type { Message } from "../domain/message.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import { type ChatRow, type MessageRow, type NoticeRow, toChat, toMessage, toNotice } from "./rows.ts";

/** What a transaction changed: all that publishing needs. */
export type Committed = { events: CommittedEvent[]; chats: CommittedChat[]; notices?: CommittedNotice[] };

/** Sorted by chat and number. A redelivery gives the old number with `isNew` false, so that it is published again. */
export type CommittedEvent = {
  chatId: number;
  seq: number;
  event: ChatEventName;
  isNew: boolean;
  messageId: number | null;
  fromMe: boolean | null;
  /** Null where nobody watches the chat. */
  message: Message | null;
};

export type CommittedChat = {
  id: number;
  organizationId: number;
  organizationPhoneId: number;
  /** Meta's id of the number. Null where nobody watches. */
  phoneNumberId: string | null;
  head: number;
  /** Whether somebody may have the chat open, and whether somebody of the organization may have an inbox open. */
  watched: boolean;
  inboxWatched: boolean;
  /** Null where nobody watches either. */
  chat: Chat | null;
};

/** A notice that is new; a redelivery gives it no more. */
export type CommittedNotice = { organizationId: number; inboxWatched: boolean; notice: StoredNotice };

export const nothingCommitted: Committed = { events: [], chats: [] };

/** The same as the SQL function `committed` gives it: lists, not objects, since nearly always nobody watches and this is all. */
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
  /** What watchers are shown; null where there is none. */
  rows: { messages: MessageRow[]; chats: { phoneNumberId: string | null; chat: ChatRow }[] } | null;
};

export function toCommitted({ events, chats, rows }: CommittedRows): Committed {
  const messages = new Map(rows?.messages.map((row) => [row.id, toMessage(row)]));
  const shown = new Map(rows?.chats.map((row) => [row.chat.id, row]));
  return {
    events: events.map(([chatId, seq, event, isNew, messageId, fromMe]) => {
      const message = messageId === null ? undefined : messages.get(messageId);
      return { chatId, seq, event, isNew, messageId, fromMe, message: message ?? null };
    }),
    chats: chats.map(([id, organizationId, organizationPhoneId, head, watched, inboxWatched]) => {
      const { phoneNumberId = null, chat } = shown.get(id) ?? {};
      const flags = { watched, inboxWatched, phoneNumberId, chat: chat ? toChat(chat) : null };
      return { id, organizationId, organizationPhoneId, head, ...flags };
    }),
  };
}

/** The same as the SQL function `notices_json` gives it. */
export type CommittedNoticeRow = Omit<CommittedNotice, "notice"> & { notice: NoticeRow };

export function toCommittedNotice(row: CommittedNoticeRow): CommittedNotice {
  return { ...row, notice: toNotice(row.notice) };
}
