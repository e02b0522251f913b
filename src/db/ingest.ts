import { sql } from "drizzle-orm";
import {
  type InboundEvent,
  type InboundMessage,
  type InboundNotice,
  type InboundStatus,
  type NoticeMessage,
  sourceOf,
  type UnreadReason,
} from "../domain/inbound-event.ts";
import { toBase64 } from "../encoding.ts";
import { type Db, isTooLarge, isTransient, singleRow, sqlState } from "./client.ts";
import {
  type Committed,
  type CommittedNoticeRow,
  type CommittedRows,
  toCommitted,
  toCommittedNotice,
} from "./committed.ts";
import { DisplayedNumbers } from "./displayed-numbers.ts";
import {
  type CommittedIdentityRows,
  type IdentityOutcome,
  identityChangesOf,
  sightingsOf,
} from "./identities.ts";

/** What the SQL function `ingest` returns. Null for a step that the batch does not need. */
type Outcome = {
  filled: { committed: CommittedRows; files: number[] | null } | null;
  stored: {
    committed: CommittedRows;
    files?: number[] | null;
    /** Positions, from 1, among the batch's messages and statuses, of events for numbers that are not connected. */
    unknownMessages?: number[] | null;
    unknownStatuses?: number[] | null;
  } | null;
  notices: { notices: CommittedNoticeRow[]; unassigned: UnassignedNotice[] } | null;
  settled: CommittedIdentityRows | null;
  /** The positions, from 1, of the messages and statuses that were not of an erased person; null when none was. */
  keptMessages?: number[] | null;
  keptStatuses?: number[] | null;
};

const displayedNumbers = new DisplayedNumbers();

/** A stored critical notice of an account or a number that no row names, so that no admin sees it. */
export type UnassignedNotice = { eventId: number; reason: UnreadReason };

/** What a batch changed. `unknownPhones`: events for numbers that are not connected. `files`: numbers with new files. */
export type Ingested = Committed & {
  unknownPhones: number;
  files?: number[];
  identities?: IdentityOutcome;
  unassigned?: UnassignedNotice[];
};

/**
 * Stores a batch of inbound events in one transaction and one round trip. What is already stored changes nothing, but its
 * events are returned with their old numbers. Events for numbers that are not connected are stored raw, in a second call.
 * `lockWaitMs`: how long it waits for a lock; 2 seconds when null. Throws the error of Postgres when it refuses any event of the
 * batch: then nothing is stored.
 */
export async function ingest(
  db: Db,
  events: InboundEvent[],
  { lockWaitMs = null }: { lockWaitMs?: number | null } = {},
): Promise<Ingested> {
  const { filled, stored, notices, settled, unknownPhones } = await callIngest(db, events, lockWaitMs);
  const unknown = [...unknownPhones].flatMap((event) => asNotice(event, "unknown_number"));
  if (unknown.length > 0) await storeNotices(db, unknown);
  // Merges last: they have the newest rows of their chats.
  const committed = [filled, stored, settled].flatMap((part) => (part ? toCommitted(part.committed) : []));
  return {
    events: committed.flatMap(({ events }) => events),
    chats: committed.flatMap(({ chats }) => chats),
    unknownPhones: unknown.length,
    files: [...new Set([...(stored?.files ?? []), ...(filled?.files ?? [])])],
    ...(notices && notices.notices.length > 0 && { notices: notices.notices.map(toCommittedNotice) }),
    ...(notices && notices.unassigned.length > 0 && { unassigned: notices.unassigned }),
    ...(settled && { identities: { merges: settled.merges, conflicts: settled.conflicts } }),
  };
}

async function callIngest(
  db: Db,
  events: InboundEvent[],
  lockWaitMs: number | null,
): Promise<Outcome & { unknownPhones: Set<InboundEvent | undefined> }> {
  const messages = events.flatMap(toMessageItems);
  const statuses = events.filter((event) => event.kind === "status");
  const notices = events.filter((event) => event.kind === "notice");
  const placeholders = messages.filter(({ item }) => item.isHistory && item.media).map(({ item }) => item);
  const names = notices.flatMap(({ phoneNumberId, names = [] }) =>
    names.map((name) => ({ phoneNumberId, ...name })),
  );
  const nowMs = Date.now();
  const displayed = displayedNumbers.unstored(events, nowMs);
  const limit =
    lockWaitMs === null ? sql`` : sql`set_config('waba.lock_timeout', ${`${lockWaitMs}ms`}, true),`;
  const learn =
    displayed.length === 0 ? sql`` : sql`learn_displayed_numbers(${JSON.stringify(displayed)}::json),`;
  const { rows } = await db.execute<{ outcome: Outcome }>(
    sql`select ${limit} ${learn} ingest(${toJson(messages.map(({ item }) => item))}::json, ${toJson(statuses.map(toStatusItem))}::json, ${toJson(placeholders)}::json,
      ${toJson(names)}::json, ${toJson(sightingsOf(events))}::json, ${notices.length > 0 ? toRows(notices) : null}::json,
      ${toJson(identityChangesOf(events))}::json, ${messages.length === 1}) as outcome`,
  );
  const { outcome } = singleRow(rows);
  displayedNumbers.stored(displayed, nowMs);
  const unknownPhones = new Set([
    ...at(outcome.stored?.unknownMessages, outcome.keptMessages).map((i) => messages[i]?.event),
    ...at(outcome.stored?.unknownStatuses, outcome.keptStatuses).map((i) => statuses[i]),
  ]);
  return { ...outcome, unknownPhones };
}

/** Indexes, from 0, of the positions among the items that were kept. */
function at(positions: number[] | null | undefined, kept: number[] | null | undefined): number[] {
  return (positions ?? []).map((n) => (kept?.[n - 1] ?? n) - 1);
}

/** Those of a batch whose chats, contacts or messages another transaction has locked. Does not wait for the locks. */
export async function findLocked(db: Db, events: InboundEvent[]): Promise<Set<InboundEvent>> {
  const messages = events.flatMap(toMessageItems);
  const items = messages.map(({ event, item }) => {
    const member = event.kind === "message" ? event.member : null;
    return { ...item, memberPhone: member?.phone ?? null, memberUserId: member?.userId ?? null };
  });
  const statuses = events.filter((event) => event.kind === "status");
  const { rows } = await db.execute<{ locked: { messages: number[]; statuses: number[] } }>(
    sql`select locked_events(${toJson(items)}::json, ${toJson(statuses.map(toStatusItem))}::json) as locked`,
  );
  const { locked } = singleRow(rows);
  const found = [
    ...locked.messages.map((n) => messages[n - 1]?.event),
    ...locked.statuses.map((n) => statuses[n - 1]),
  ];
  return new Set(found.filter((event) => event !== undefined));
}

/**
 * Stores events raw that the database refuses as messages or statuses: as bytes, when it refuses them as JSON too (54001). As
 * base64 these are also smaller than as text that is escaped twice.
 */
export async function quarantine(db: Db, events: InboundEvent[]): Promise<void> {
  const notices = events.flatMap((event) => asNotice(event, "refused_by_database"));
  try {
    await storeNotices(db, notices);
  } catch (error) {
    if (!isTooLarge(error) && (sqlState(error) === null || isTransient(error))) throw error;
    await storeNotices(db, notices.map(asBytes));
  }
}

function asBytes(notice: InboundNotice): InboundNotice & { sourceBytes?: string } {
  if (notice.source === null) return notice;
  return { ...notice, source: null, sourceBytes: toBase64(new TextEncoder().encode(notice.source)) };
}

async function storeNotices(db: Db, notices: InboundNotice[]): Promise<void> {
  await db.execute(sql`select store_notices(${toRows(notices)}::json)`);
}

function asNotice(event: InboundEvent | undefined, reason: InboundNotice["reason"]): InboundNotice[] {
  if (!event) return [];
  if (event.kind === "notice") {
    // Its content may be what was refused: stored, but not applied.
    const { parsed: _, message: __, ...unparsed } = event;
    return [{ ...unparsed, reason: unparsed.reason ?? reason }];
  }
  const { phoneNumberId } = event;
  const source = sourceOf(event);
  return [{ kind: "notice", phoneNumberId, wabaId: null, field: null, reason, raw: null, source }];
}

/** A message as the SQL function `resolve_messages` and the steps after it read it. */
type MessageItem = Omit<NoticeMessage, "contact" | "member" | "identityChange" | "displayPhoneNumber"> &
  InboundMessage["contact"];

function toMessageItems(event: InboundEvent): { event: InboundEvent; item: MessageItem }[] {
  if (event.kind === "status") return [];
  if (event.kind === "message") return itemsOfMessage(event).map((item) => ({ event, item }));
  return event.message ? itemsOfMessage(event.message).map((item) => ({ event, item })) : [];
}

/** One item, or two of a report of a call. */
function itemsOfMessage(message: NoticeMessage & Partial<InboundMessage>): MessageItem[] {
  const {
    kind: _kind,
    envelope: _envelope,
    displayPhoneNumber: _displayed,
    contact,
    member: _member,
    identityChange: _change,
    ...rest
  } = message;
  const item = { ...rest, ...contact };
  if (message.amends !== "call" || message.refersTo === null) return [item];
  // Its file does not say who called.
  if (message.newBody === null) return [item];
  // The first report of a call creates the call's own row, which shows the one that says most.
  const payload = JSON.stringify({ id: message.refersTo, type: "call" });
  const bare = { refersTo: null, amends: null, newBody: null, opensServiceWindow: false };
  return [{ ...item, ...bare, wamid: message.refersTo, payload }, item];
}

function toStatusItem({
  kind: _kind,
  displayPhoneNumber: _displayed,
  envelope: _envelope,
  contact: { phone, userId },
  errors: _errors,
  ...item
}: InboundStatus) {
  return { ...item, phone, userId };
}

function toRows(notices: InboundNotice[]): string {
  return JSON.stringify(notices.map(({ source, message: _, ...notice }) => ({ ...clean(notice), source })));
}

/** Null for an empty part, whose step is skipped. */
function toJson(rows: Record<string, unknown>[]): string | null {
  if (rows.length === 0) return null;
  const text = JSON.stringify(rows.map(withoutNulls));
  // Usually there is nothing to clean.
  return /\\u0000|\\ud[89a-f]/i.test(text) ? JSON.stringify(rows.map(cleanItem)) : text;
}

/** Postgres reads a missing field as null, faster than an explicit one. */
function withoutNulls(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

/** `payload` is JSON text already: its own escapes carry what Postgres text cannot hold. */
function cleanItem({ payload, ...item }: Record<string, unknown>) {
  return { ...clean(item), payload };
}

/** Replaces what Postgres text refuses (U+0000: 22P05, a lone surrogate: 22P02) by U+FFFD, in every string of a row. */
function clean<Row extends Record<string, unknown>>(row: Row): Row {
  const text = JSON.stringify(row, (_key, value) =>
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value,
  );
  return JSON.parse(text);
}
