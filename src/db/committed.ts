import type { Chat } from "../domain/chat.ts";
import type { ChatEventName } from "../domain/chat-event.ts";
import type { Message } from "../domain/message.ts";
import type { StoredNotice } from "../domain/notice-reading.ts";

/** What a transaction changed, as the SQL function `committed` tells it: all that publishing needs. */
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
  /** Meta's id of the number. */
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
