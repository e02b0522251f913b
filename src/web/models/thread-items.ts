import type { Activity } from "../../domain/activity.ts";
import type { ChatNote } from "../../domain/chat-note.ts";
import { countsAsUnread, type Message } from "../../domain/message.ts";
import type { ChatState } from "./chat-state.ts";
import { isSameDay } from "./format.ts";
import type { Unsent } from "./outbox.ts";

/** A row of the thread. `isFirst` and `isLast`: of a run of messages by one person within a few minutes. */
export type ThreadItem =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string; count: number }
  | { kind: "message"; key: string; message: Message; isFirst: boolean; isLast: boolean }
  | { kind: "activity"; key: string; activity: Activity }
  | { kind: "note"; key: string; note: ChatNote }
  | { kind: "unsent"; key: string; unsent: Unsent };

type ThreadPart = Pick<ChatState, "messages" | "activities" | "notes" | "hasOlder" | "hasNewer">;
type Between = { at: string; item: ThreadItem };

const RUN_MS = 5 * 60_000;

/**
 * The rows of a thread, with a chip above each day, a divider above the first message that was unread, and what agents
 * did and noted between the messages that are loaded.
 */
export function threadItems(
  { messages, activities, notes, hasOlder, hasNewer }: ThreadPart,
  unsent: readonly Unsent[],
  unread: { firstId: number; count: number } | null,
): ThreadItem[] {
  const items: ThreadItem[] = [];
  const between: Between[] = [
    ...activities.map((activity) => ({
      at: activity.createdAt,
      item: { kind: "activity" as const, key: `activity ${activity.seq}`, activity },
    })),
    ...notes.map((note) => ({
      at: note.createdAt,
      item: { kind: "note" as const, key: `note ${note.id}`, note },
    })),
  ];
  const begin = hasOlder ? (messages[0]?.createdAt ?? "") : "";
  const waiting = between.filter(({ at }) => at >= begin).sort((a, b) => a.at.localeCompare(b.at));
  messages.forEach((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    while (waiting[0] && waiting[0].at < message.createdAt)
      items.push(...waiting.splice(0, 1).map(({ item }) => item));
    // Of the first one that is loaded it is not known what came before. A chip above it would go once an older page is there, and
    // with it the row by which the list keeps its place.
    if (before ? !isSameDay(before.createdAt, message.createdAt) : !hasOlder)
      items.push({
        kind: "day",
        key: `day ${message.createdAt.slice(0, 10)} ${message.id}`,
        at: message.createdAt,
      });
    if (unread?.firstId === message.id) items.push({ kind: "unread", key: "unread", count: unread.count });
    const isFirst = (before ? !isOneRun(before, message) : !hasOlder) || unread?.firstId === message.id;
    const isLast = !after || !isOneRun(message, after);
    items.push({ kind: "message", key: `message ${message.id}`, message, isFirst, isLast });
  });
  // What comes last is not after these.
  if (hasNewer) return items;
  items.push(...waiting.map(({ item }) => item));
  for (const one of unsent) items.push({ kind: "unsent", key: `unsent ${one.key}`, unsent: one });
  return items;
}

/** Whether somebody wrote it, so that the keys stop there. */
export function isWritten({ kind }: ThreadItem): boolean {
  return kind === "message" || kind === "note" || kind === "unsent";
}

/** The index of the first row that somebody wrote, from an index on, itself included, downwards (1) or upwards (-1); -1: none. */
export function writtenFrom(items: readonly ThreadItem[], from: number, step: 1 | -1): number {
  const isThere = (item: ThreadItem, index: number) =>
    isWritten(item) && (step === 1 ? index >= from : index <= from);
  return step === 1 ? items.findIndex(isThere) : items.findLastIndex(isThere);
}

/** Where the divider goes: above the last `count` messages of the customer. Null when nothing was unread. */
export function firstUnread(
  messages: readonly Message[],
  count: number,
): { firstId: number; count: number } | null {
  const incoming = messages.filter(countsAsUnread);
  const first = count > 0 ? incoming.at(-Math.min(count, incoming.length)) : undefined;
  return first ? { firstId: first.id, count } : null;
}

/** Of a group, which member wrote. */
function senderOf({ content }: Message): string | null {
  const sender = content?.sender;
  return sender?.phone ?? sender?.userId ?? sender?.name ?? null;
}

function isOneRun(a: Message, b: Message): boolean {
  return (
    a.fromMe === b.fromMe &&
    a.agentId === b.agentId &&
    senderOf(a) === senderOf(b) &&
    isSameDay(a.createdAt, b.createdAt) &&
    Date.parse(b.createdAt) - Date.parse(a.createdAt) < RUN_MS
  );
}
