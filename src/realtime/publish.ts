import type { Committed, CommittedChat, CommittedEvent, CommittedNotice } from "../db/committed.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { withTimeout } from "../with-timeout.ts";
import type { Pending, ResumeCounts } from "./protocol.ts";

/** The telling of one chat's news to all who watch it. Without a chat: of what is not told again when it fails. */
export type Delivery = { chatId: number | null; done: Promise<unknown> };

/** A message that waits in the spool, and the chat it will be in. */
export type PendingMessage = Pending & { chatId: number };

/**
 * Tells rooms and hubs what was committed; never before. Only those that somebody watches are called, each once. May be
 * repeated, late or out of order: rooms go by numbers, hubs by a chat's head.
 */
export function publish(env: Env, { events, chats, notices = [] }: Committed): Delivery[] {
  const byChat = Map.groupBy(events, (event) => event.chatId);
  const newest = [...Map.groupBy(chats, (chat) => chat.id).values()].flatMap((rows) =>
    rows.reduce((a, b) => (b.head >= a.head ? b : a)),
  );
  const inboxes = Map.groupBy(
    newest.filter((chat) => chat.inboxWatched),
    (chat) => chat.organizationId,
  );
  const told = new Map<number, Promise<unknown>>();
  for (const [organizationId, rows] of inboxes) {
    const hub = env.INBOX_HUB.getByName(String(organizationId));
    told.set(organizationId, hub.publish(rows.flatMap(({ chat }) => (chat ? [chat] : []))));
  }
  const ofChats = newest.flatMap((chat) => {
    const parts: (Promise<unknown> | undefined)[] = [
      chat.inboxWatched ? told.get(chat.organizationId) : undefined,
      chat.watched
        ? env.CHAT_ROOM.getByName(String(chat.id)).publish({
            head: chat.head,
            events: toChatEvents(byChat.get(chat.id) ?? [], chat),
          })
        : undefined,
    ];
    const calls = parts.filter((part) => part !== undefined);
    return calls.length > 0 ? [{ chatId: chat.id, done: Promise.all(calls) }] : [];
  });
  return [...ofChats, ...publishNotices(env, notices)];
}

/** Who misses one finds it in the list. */
function publishNotices(env: Env, notices: CommittedNotice[]): Delivery[] {
  const watched = notices.filter(({ inboxWatched }) => inboxWatched);
  return [...Map.groupBy(watched, ({ organizationId }) => organizationId)].map(([organizationId, some]) => {
    const hub = env.INBOX_HUB.getByName(String(organizationId));
    return { chatId: null, done: hub.publishNotices(some.map(({ notice }) => notice)) };
  });
}

/** Shows in open chats what is durable but has no number yet. Nothing depends on its arrival: the event follows. */
export function announce(env: Env, pending: PendingMessage[]): void {
  for (const [chatId, some] of Map.groupBy(pending, ({ chatId }) => chatId)) {
    const messages = some.map(({ chatId: _, ...message }) => message);
    env.CHAT_ROOM.getByName(String(chatId))
      .announce(messages)
      .catch(() => undefined);
  }
}

/** Waits until all are told, but no longer than the limit; gives the chats whose telling has not succeeded by then. */
export async function undeliveredAfter(deliveries: Delivery[], limitMs: number): Promise<number[]> {
  if (deliveries.length === 0) return [];
  const open = new Set(deliveries.map(({ chatId }) => chatId));
  const settled = Promise.all(
    deliveries.map(async ({ chatId, done }) => {
      try {
        await done;
        open.delete(chatId);
      } catch {
        // It stays among those that are not told.
      }
    }),
  );
  await withTimeout(limitMs, settled);
  return [...open].filter((chatId) => chatId !== null);
}

/** The upgrade of a socket, to the room or the hub it is for. */
export function roomOf(env: Env, chatId: number): Fetcher {
  return env.CHAT_ROOM.getByName(String(chatId));
}

export function hubOf(env: Env, organizationId: number): Fetcher {
  return env.INBOX_HUB.getByName(String(organizationId));
}

/** Adds to what an organization's clients were told when they connected: its hub is the one object that all its rooms know. */
export async function countResumes(env: Env, organizationId: number, counts: ResumeCounts): Promise<void> {
  await env.INBOX_HUB.getByName(String(organizationId)).countResumes(counts);
}

/** What they were told so far. */
export async function resumesOf(env: Env, organizationId: number): Promise<ResumeCounts> {
  return await env.INBOX_HUB.getByName(String(organizationId)).resumes();
}

/**
 * The chat's row goes with the last event only: it is the same for all of them. The last by number: a batch that was
 * stored in halves may have a redelivery, with its old number, behind what is new.
 */
function toChatEvents(events: CommittedEvent[], { chat }: CommittedChat): ChatEvent[] {
  const last = Math.max(...events.map(({ seq }) => seq));
  return events.map(
    ({ chatId, seq, event, message }): ChatEvent => ({
      chatId,
      seq,
      event,
      ...(message && { message }),
      ...(chat && (!message || seq === last) && { chat }),
    }),
  );
}
