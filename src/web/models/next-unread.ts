import type { Chat } from "../../domain/chat.ts";
import type { Api } from "./api.ts";
import { type ChatFilter, type ChatPage, compareChats, isMentioned, waitingQueryOf } from "./chat-list.ts";

/** The server is asked for no more pages of each kind: thousands of unread chats above the open one would keep the agent waiting. */
const MOST_PAGES = 5;

/** The list as far as it is loaded, the chat that is open, and the agent `me`. */
export type ListPlace = {
  chats: readonly Chat[];
  /** Whether all of the list is loaded. */
  isWhole: boolean;
  openId: number | null;
  /** The row of the open chat, where it is known. */
  open: Chat | undefined;
  me: number | null;
};

/**
 * The next chat of these filters that is unread, or in which a note mentions the agent: below the open one in the order of the list,
 * else from its top. Where the loaded rows have none below, the server is asked: for its first few pages. Null: there is none.
 */
export async function nextUnread(api: Api, filter: ChatFilter, place: ListPlace): Promise<Chat | null> {
  const { chats, isWhole, openId, open, me } = place;
  const isWaiting = (chat: Chat) => chat.id !== openId && (chat.unreadCount > 0 || isMentioned(chat, me));
  const isBelow = (chat: Chat) => open === undefined || compareChats(open, chat) < 0;
  const loaded = chats.filter(isWaiting);
  const below = loaded.find(isBelow);
  if (below || isWhole) return below ?? loaded[0] ?? null;
  const found: Chat[] = [];
  for (const kind of ["unread", "mentioned"] as const) {
    let cursor: string | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page: ChatPage = await api.request<ChatPage>(waitingQueryOf(filter, kind, cursor));
      found.push(...page.data.filter(isWaiting));
      cursor = page.nextCursor;
      if (cursor === null || page.data.some((chat) => isWaiting(chat) && isBelow(chat))) break;
    }
  }
  found.sort(compareChats);
  return found.find(isBelow) ?? found[0] ?? loaded[0] ?? null;
}
