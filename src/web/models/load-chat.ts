import type { Activity } from "../../domain/activity.ts";
import type { Chat } from "../../domain/chat.ts";
import type { ChatNote } from "../../domain/chat-note.ts";
import { type Api, ApiError } from "./api.ts";
import { type ChatState, loadedChat, type MessagePage } from "./chat-state.ts";

export const PAGE_SIZE = 40;
const ACTIVITIES = 50;
const NOTES = 50;

/** Loads a chat with its page around the message `anchor`; null, or a message that the chat no longer has: with the newest page. */
export async function loadChat(api: Api, chatId: number, anchor: number | null): Promise<ChatState> {
  // The head is read first: what comes between is replayed, and applying it twice does no harm.
  const chat = await api.request<Chat & { epoch: string }>(`/chats/${chatId}`);
  const [page, activities, notes] = await Promise.all([
    firstPage(api, chatId, anchor),
    api.request<{ data: Activity[] }>(`/chats/${chatId}/activities?limit=${ACTIVITIES}`),
    api.request<{ data: ChatNote[] }>(`/chats/${chatId}/notes?limit=${NOTES}`),
  ]);
  return loadedChat(chat, page, activities.data, notes.data);
}

async function firstPage(api: Api, chatId: number, anchor: number | null): Promise<MessagePage> {
  const path = `/chats/${chatId}/messages?limit=${PAGE_SIZE}`;
  if (anchor === null) return await api.request<MessagePage>(path);
  try {
    return await api.request<MessagePage>(`${path}&around=${anchor}`);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
    return await api.request<MessagePage>(path);
  }
}
