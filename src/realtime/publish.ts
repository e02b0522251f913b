import type { Committed, CommittedChat, CommittedEvent, CommittedNotice } from "../db/committed.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { previewOf, toFrameMessage } from "../domain/truncated-message.ts";
import { withTimeout } from "../with-timeout.ts";
import type { Pending, ResumeCounts } from "./protocol.ts";

/** The calls that publish one chat's changes. `chatId` is null for notices, which are not published again on failure. */
export type Delivery = { chatId: number | null; done: Promise<unknown> };

/** A message that waits in the spool, and the chat it belongs to. */
export type PendingMessage = Pending & { chatId: number };

/**
 * Publishes what was committed to the rooms and hubs that are watched, each called once. Never call it before the commit.
 * Calls may be repeated, late or out of order: rooms go by numbers, hubs by a chat's head.
 */
export function publish(env: Env, { events, chats, notices = [] }: Committed): Delivery[] {
  const eventsByChat = Map.groupBy(events, (event) => event.chatId);
  const newestRows = [...Map.groupBy(chats, (chat) => chat.id).values()].flatMap((rows) =>
    rows.reduce((a, b) => (b.head >= a.head ? b : a)),
  );
  const inboxRows = Map.groupBy(
    newestRows.filter((chat) => chat.inboxWatched),
    (chat) => chat.organizationId,
  );
  const hubCalls = new Map<number, Promise<unknown>>();
  for (const [organizationId, rows] of inboxRows) {
    const hub = env.INBOX_HUB.getByName(String(organizationId));
    hubCalls.set(organizationId, hub.publish(rows.flatMap(({ chat }) => (chat ? [chat] : []))));
  }
  const chatDeliveries = newestRows.flatMap((chat) => {
    const maybeCalls: (Promise<unknown> | undefined)[] = [
      chat.inboxWatched ? hubCalls.get(chat.organizationId) : undefined,
      chat.watched
        ? env.CHAT_ROOM.getByName(String(chat.id)).publish({
            head: chat.head,
            events: toChatEvents(eventsByChat.get(chat.id) ?? [], chat),
          })
        : undefined,
    ];
    const calls = maybeCalls.filter((call) => call !== undefined);
    return calls.length > 0 ? [{ chatId: chat.id, done: Promise.all(calls) }] : [];
  });
  return [...chatDeliveries, ...publishNotices(env, notices)];
}

/** A client that misses a notice finds it in the list of notices. */
function publishNotices(env: Env, notices: CommittedNotice[]): Delivery[] {
  const watched = notices.filter(({ inboxWatched }) => inboxWatched);
  return [...Map.groupBy(watched, ({ organizationId }) => organizationId)].map(([organizationId, rows]) => {
    const hub = env.INBOX_HUB.getByName(String(organizationId));
    return { chatId: null, done: hub.publishNotices(rows.map(({ notice }) => notice)) };
  });
}

/** Closes the rooms of erased chats, and takes them out of the organization's open inboxes. */
export function publishErased(env: Env, organizationId: number, chatIds: number[]): Delivery[] {
  const hub = env.INBOX_HUB.getByName(String(organizationId)).publishErased(chatIds);
  const rooms = chatIds.map((id) => ({ chatId: id, done: env.CHAT_ROOM.getByName(String(id)).close() }));
  return [{ chatId: null, done: hub }, ...rooms];
}

/** Has the organization's open inboxes load its labels again. */
export function publishLabels(env: Env, organizationId: number): Delivery[] {
  return [{ chatId: null, done: env.INBOX_HUB.getByName(String(organizationId)).publishLabels() }];
}

/** Shows spooled messages, which have no number yet, in open chats. Failures are ignored: the event follows once stored. */
export function publishPending(env: Env, pending: PendingMessage[]): void {
  for (const [chatId, group] of Map.groupBy(pending, ({ chatId }) => chatId)) {
    const messages = group.map(({ chatId: _, ...message }) => ({
      ...message,
      body: previewOf(message.body),
    }));
    env.CHAT_ROOM.getByName(String(chatId))
      .publishPending(messages)
      .catch(() => undefined);
  }
}

/** Waits for the deliveries, up to the limit. Returns the chats whose delivery has failed or not finished by then. */
export async function undeliveredAfter(deliveries: Delivery[], limitMs: number): Promise<number[]> {
  if (deliveries.length === 0) return [];
  const undelivered = new Set(deliveries.map(({ chatId }) => chatId));
  const settled = Promise.all(
    deliveries.map(async ({ chatId, done }) => {
      try {
        await done;
        undelivered.delete(chatId);
      } catch {
        // It stays undelivered.
      }
    }),
  );
  await withTimeout(limitMs, settled);
  return [...undelivered].filter((chatId) => chatId !== null);
}

/** The room that opens a chat's sockets. */
export function roomOf(env: Env, chatId: number): Fetcher {
  return env.CHAT_ROOM.getByName(String(chatId));
}

/** The hub that opens an organization's inbox sockets. */
export function hubOf(env: Env, organizationId: number): Fetcher {
  return env.INBOX_HUB.getByName(String(organizationId));
}

/** Adds a room's resume counts to the totals in its organization's hub, which is the one object that all its rooms know. */
export async function addResumeCounts(env: Env, organizationId: number, counts: ResumeCounts): Promise<void> {
  await env.INBOX_HUB.getByName(String(organizationId)).addResumeCounts(counts);
}

/** How the organization's clients have resumed so far. */
export async function resumeCountsOf(env: Env, organizationId: number): Promise<ResumeCounts> {
  return await env.INBOX_HUB.getByName(String(organizationId)).resumeCounts();
}

/**
 * The chat's row goes with the last event only, since it is the same for all of them. Last by number: when a batch was
 * stored in halves, a redelivered event with its old number may follow newer ones.
 */
function toChatEvents(events: CommittedEvent[], { chat }: CommittedChat): ChatEvent[] {
  const last = Math.max(...events.map(({ seq }) => seq));
  return events.map(
    ({ chatId, seq, event, message, activity, note }): ChatEvent => ({
      chatId,
      seq,
      event,
      // A room sends no more of it, and a call carries copies.
      ...(message && { message: toFrameMessage(message) }),
      ...(chat && (!message || seq === last) && { chat }),
      ...(activity && { activity }),
      ...(note && { note }),
    }),
  );
}
