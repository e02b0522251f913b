import type { Activity } from "../../domain/activity.ts";
import type { Chat } from "../../domain/chat.ts";
import type { ChatEvent } from "../../domain/chat-event.ts";
import type { ChatNote } from "../../domain/chat-note.ts";
import { type Api, ApiError } from "./api.ts";
import { type ChatState, loadedChat, type MessagePage } from "./chat-state.ts";

export const PAGE_SIZE = 40;
const ACTIVITIES = 50;
const NOTES = 50;

/** Loads a chat with its page around the message `anchor`; null, or a message that the chat no longer has: with the newest page. */
export async function loadChat(api: Api, chatId: number, anchor: number | null): Promise<ChatState> {
  // The head is read first: what comes between is replayed, and applying it twice does no harm.
  const chat = await readChat(api, chatId);
  const [page, activities, notes] = await Promise.all([
    firstPage(api, chatId, anchor),
    api.request<{ data: Activity[] }>(`/chats/${chatId}/activities?limit=${ACTIVITIES}`),
    api.request<{ data: ChatNote[] }>(`/chats/${chatId}/notes?limit=${NOTES}`),
  ]);
  return loadedChat(chat, page, activities.data, notes.data);
}

/**
 * What the room would send to a client in this state: the missed events, with the chat's row in the last one. Null when the chat has
 * to be loaded again.
 */
export async function missedEvents(
  api: Api,
  { chat: { id }, seq, epoch }: ChatState,
): Promise<ChatEvent[] | null> {
  const { epoch: now, ...before } = await readChat(api, id);
  if (now !== epoch || before.head < seq) return null;
  if (before.head === seq) return [];
  try {
    const { data, nextCursor } = await api.request<{ data: ChatEvent[]; nextCursor: string | null }>(
      `/chats/${id}/events?after=${seq}`,
    );
    if (nextCursor !== null) return null;
    // What came between is among the events, but not in the row.
    const isOlder = (data.at(-1)?.seq ?? 0) > before.head;
    const { epoch: then, ...chat } = isOlder ? await readChat(api, id) : { epoch, ...before };
    if (then !== epoch) return null;
    return data.map((event, i) => (i === data.length - 1 ? { chat, ...event } : event));
  } catch (error) {
    if (error instanceof ApiError && error.problem?.code === "log_expired") return null;
    throw error;
  }
}

function readChat(api: Api, id: number): Promise<Chat & { epoch: string }> {
  return api.request<Chat & { epoch: string }>(`/chats/${id}`);
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
