import type { Chat, Contact } from "../../domain/chat.ts";
import { countsAsUnread } from "../../domain/message.ts";
import { newerRow } from "./chat-state.ts";
import { withMemberNameInRow } from "./member-names.ts";

export const chatViews = ["mine", "unassigned", "all"] as const;
/** `mentioned`: in which a note mentions the agent, until they read them. */
export const MENTIONED = "mentioned";

/** How many chats a view has, and how many of them are unread; the server counts to a limit. */
export type ChatCounts = Record<(typeof chatViews)[number], { chats: number; unread: number }> & {
  [MENTIONED]: number;
};

export type ChatFilter = {
  view: (typeof chatViews)[number] | typeof MENTIONED;
  status: Chat["status"] | "all";
  organizationPhoneId: number | null;
  isUnreadOnly: boolean;
  labelId: number | null;
};

/** All that are open. */
export const OPEN_CHATS: ChatFilter = {
  ...{ view: "all", status: "open", organizationPhoneId: null },
  ...{ isUnreadOnly: false, labelId: null },
};

/** What waits for the agent: their unread chats, those of nobody, and notes that mention them. */
export function waitingOf({ mine, unassigned, mentioned }: ChatCounts): number {
  return mine.unread + unassigned.unread + mentioned;
}

/** Whether a filter may leave chats out that are open. */
export function isFiltered({
  view,
  status,
  organizationPhoneId,
  isUnreadOnly,
  labelId,
}: ChatFilter): boolean {
  const isPart = organizationPhoneId !== null || isUnreadOnly || labelId !== null;
  return view !== "all" || status !== "open" || isPart;
}

/** The loaded part of the list: rows by id. Those that a frame brought may lie after the last loaded page. */
export type ChatRows = ReadonlyMap<number, Chat>;

export type ChatPage = { data: Chat[]; nextCursor: string | null };

/** The last row that is loaded with this page; null: all are. */
export function lastOf({ data, nextCursor }: ChatPage): Chat | null {
  return nextCursor === null ? null : (data.at(-1) ?? null);
}

/** Whether the list was loaded farther than this page: to the row `last`, or as a whole. */
export function endsBefore(page: ChatPage, before: { last: Chat | null; isWhole: boolean }): boolean {
  const last = lastOf(page);
  return last !== null && (before.isWhole || (before.last !== null && compareChats(last, before.last) < 0));
}

/**
 * Replaces rows, or adds them; one that is merged into another chat leaves the list. Groups take over the names of their members, an
 * added one from the rows that are known: it may have been read before a member got another name. Rows of `outdated` say nothing.
 */
export function addRows(
  rows: ChatRows,
  added: readonly Chat[],
  outdated: ReadonlySet<number> = new Set(),
): ChatRows {
  const next = new Map(rows);
  const people = peopleOf(added);
  for (const [id, group] of rows)
    if (group.contact.isGroup) next.set(id, people.reduce(withMemberNameInRow, group));
  for (const chat of added) {
    if (chat.mergedIntoId !== null) next.delete(chat.id);
    else next.set(chat.id, newerRow(next.get(chat.id), chat));
  }
  const groups = added.flatMap(({ id }) => next.get(id) ?? []).filter(({ contact }) => contact.isGroup);
  // Most frames bring no group, and then thousands of rows are left alone.
  if (groups.length === 0) return next;
  const known = peopleOf([...next.values()].filter(({ id }) => !outdated.has(id)));
  for (const group of groups) next.set(group.id, known.reduce(withMemberNameInRow, group));
  return next;
}

/** The contacts of these chats that are no groups. */
function peopleOf(chats: readonly Chat[]): Contact[] {
  return chats.map(({ contact }) => contact).filter(({ isGroup }) => !isGroup);
}

/**
 * Adds a page that was asked for after a new connection. Its rows replace those that are known from `before` that connection, also
 * where these know more events: the database may have been restored since.
 */
export function addPageRows(rows: ChatRows, page: readonly Chat[], before: ReadonlySet<number>): ChatRows {
  const replaced = page.map(({ id }) => id).filter((id) => before.has(id));
  const outdated = new Set([...before].filter((id) => !replaced.includes(id)));
  return addRows(withoutRows(rows, replaced), page, outdated);
}

/**
 * Of the rows that are known from `before` a new connection, those that its pages up to the row `last` should have had, and have not:
 * such as a chat that a colleague has closed meanwhile. Null: its pages have all rows.
 */
export function goneRows(
  rows: ChatRows,
  before: ReadonlySet<number>,
  filter: ChatFilter,
  last: Chat | null,
  me: number | null,
): number[] {
  const known = [...before].flatMap((id) => rows.get(id) ?? []);
  return shownRows(new Map(known.map((chat) => [chat.id, chat])), filter, last, me).map(({ id }) => id);
}

/** Takes out chats that no longer exist. */
export function withoutRows(rows: ChatRows, ids: readonly number[]): ChatRows {
  return new Map([...rows].filter(([id]) => !ids.includes(id)));
}

/** The rows to show, newest activity first. `me`: the agent's id, null while it is not known. Without a cursor all pages are loaded; else rows after the last page wait for theirs. */
export function shownRows(
  rows: ChatRows,
  filter: ChatFilter,
  lastLoaded: Chat | null,
  me: number | null,
): Chat[] {
  return [...rows.values()]
    .filter((chat) => matches(chat, filter, me))
    .filter((chat) => lastLoaded === null || compareChats(chat, lastLoaded) <= 0)
    .sort(compareChats);
}

/** Whether a customer has written since the row that is known; `known` is undefined for a chat that is new to the page. */
export function hasNewIncoming(known: Chat | undefined, { lastMessage, unreadCount }: Chat): boolean {
  if (!lastMessage || lastMessage.fromMe || lastMessage.isHistory || unreadCount === 0) return false;
  if (lastMessage.seq <= (known?.head ?? 0)) return false;
  // Before a notice of WhatsApp's own the customer may have written as well.
  return countsAsUnread(lastMessage) || (known !== undefined && unreadCount > known.unreadCount);
}

/** Whether a note mentions the agent `me`, who has not read the chat since. Nobody is mentioned while the page does not know who that is. */
export function isMentioned({ mentionedIds }: Pick<Chat, "mentionedIds">, me: number | null): boolean {
  return me !== null && mentionedIds.includes(me);
}

function timesMentioned({ mentionedIds }: Chat, me: number | null): number {
  return mentionedIds.filter((id) => id === me).length;
}

/** Whether a note has come to mention the agent `me`. Of a chat that is new to the page, a customer's message is the news. */
export function hasNewMention(known: Chat | undefined, chat: Chat, me: number | null): boolean {
  if (!isMentioned(chat, me)) return false;
  return known ? timesMentioned(chat, me) > timesMentioned(known, me) : !hasNewIncoming(known, chat);
}

/** Whether a person's name may have changed; of a chat that is new to the page nobody knows. */
export function hasNewName(known: Chat | undefined, { contact }: Chat): boolean {
  return !contact.isGroup && known?.contact.name !== contact.name;
}

/** The path of a page of these chats. */
export function queryOf(filter: ChatFilter, cursor: string | null): string {
  const query = countedPart(filter);
  query.set("limit", "50");
  if (filter.view === "mine") query.set("assignee", "me");
  if (filter.view === "unassigned") query.set("assignee", "none");
  if (filter.view === MENTIONED) query.set(MENTIONED, "me");
  if (filter.isUnreadOnly) query.set("unread", "true");
  if (cursor !== null) query.set("cursor", cursor);
  return `/chats?${query}`;
}

/** The path of a page of those of these chats that are unread, or in which a note mentions the agent. */
export function waitingQueryOf(
  filter: ChatFilter,
  kind: "unread" | typeof MENTIONED,
  cursor: string | null,
): string {
  const path = queryOf({ ...filter, isUnreadOnly: filter.isUnreadOnly || kind === "unread" }, cursor);
  return kind === MENTIONED && filter.view !== MENTIONED ? `${path}&${MENTIONED}=me` : path;
}

/** The path of the views' counts, of which each has its own. */
export function countsQueryOf(filter: ChatFilter): string {
  return `/chat-counts?${countedPart(filter)}`;
}

function countedPart({ status, organizationPhoneId, labelId }: ChatFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (status !== "all") query.set("status", status);
  if (organizationPhoneId !== null) query.set("organizationPhoneId", String(organizationPhoneId));
  if (labelId !== null) query.set("labelId", String(labelId));
  return query;
}

function matches(chat: Chat, filter: ChatFilter, me: number | null): boolean {
  const { view, status, organizationPhoneId, isUnreadOnly, labelId } = filter;
  const isInView = {
    mine: me !== null && chat.assigneeId === me,
    unassigned: chat.assigneeId === null,
    all: true,
    mentioned: me !== null && chat.mentionedIds.includes(me),
  };
  return (
    isInView[view] &&
    (status === "all" || chat.status === status) &&
    (organizationPhoneId === null || chat.organizationPhoneId === organizationPhoneId) &&
    (labelId === null || chat.labelIds.includes(labelId)) &&
    (!isUnreadOnly || chat.unreadCount > 0)
  );
}

/** The order of the list: newest activity first. */
export function compareChats(a: Chat, b: Chat): number {
  const [first, second] = [activityOf(a), activityOf(b)];
  if (first === second) return b.id - a.id;
  return first < second ? 1 : -1;
}

/** Moments of the API have one form: their texts are in the order of time, and ten thousand of them are compared in no time. */
function activityOf({ lastMessage }: Chat): string {
  return lastMessage?.createdAt ?? "";
}
