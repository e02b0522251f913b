import type { Chat } from "../../domain/chat.ts";
import { newerRow } from "./chat-state.ts";

export type ChatFilter = {
  status: Chat["status"] | "all";
  organizationPhoneId: number | null;
  isUnreadOnly: boolean;
};

/** The loaded part of the list: rows by id. Those that a frame brought may lie after the last loaded page. */
export type ChatRows = ReadonlyMap<number, Chat>;

/** Replaces rows, or adds them; one that is merged into another chat leaves the list. */
export function addRows(rows: ChatRows, added: readonly Chat[]): ChatRows {
  const next = new Map(rows);
  for (const chat of added) {
    if (chat.mergedIntoId !== null) next.delete(chat.id);
    else next.set(chat.id, newerRow(next.get(chat.id), chat));
  }
  return next;
}

/** Takes out chats that no longer exist. */
export function withoutRows(rows: ChatRows, ids: readonly number[]): ChatRows {
  return new Map([...rows].filter(([id]) => !ids.includes(id)));
}

/** The rows to show, newest activity first. Without a cursor all pages are loaded; else rows after the last page wait for theirs. */
export function shownRows(rows: ChatRows, filter: ChatFilter, lastLoaded: Chat | null): Chat[] {
  return [...rows.values()]
    .filter((chat) => matches(chat, filter))
    .filter((chat) => lastLoaded === null || compareChats(chat, lastLoaded) <= 0)
    .sort(compareChats);
}

/** Whether a customer has written since the row that is known; `known` is undefined for a chat that is new to the page. */
export function hasNewIncoming(known: Chat | undefined, { lastMessage, unreadCount }: Chat): boolean {
  if (!lastMessage || lastMessage.fromMe || lastMessage.isHistory || unreadCount === 0) return false;
  return lastMessage.seq > (known?.head ?? 0);
}

export function queryOf({ status, organizationPhoneId }: ChatFilter, cursor: string | null): string {
  const query = new URLSearchParams({ limit: "50" });
  if (status !== "all") query.set("status", status);
  if (organizationPhoneId !== null) query.set("organizationPhoneId", String(organizationPhoneId));
  if (cursor !== null) query.set("cursor", cursor);
  return `/chats?${query}`;
}

function matches(chat: Chat, { status, organizationPhoneId, isUnreadOnly }: ChatFilter): boolean {
  return (
    (status === "all" || chat.status === status) &&
    (organizationPhoneId === null || chat.organizationPhoneId === organizationPhoneId) &&
    (!isUnreadOnly || chat.unreadCount > 0)
  );
}

function compareChats(a: Chat, b: Chat): number {
  return activityOf(b) - activityOf(a) || b.id - a.id;
}

function activityOf({ lastMessage }: Chat): number {
  return lastMessage ? Date.parse(lastMessage.createdAt) : 0;
}
