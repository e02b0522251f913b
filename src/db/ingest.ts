import { sql } from "drizzle-orm";
import {
  type InboundEvent,
  type InboundMessage,
  type InboundNotice,
  type InboundStatus,
  sourceOf,
} from "../domain/inbound-event.ts";
import type { Db } from "./client.ts";
import {
  type Committed,
  type CommittedNoticeRow,
  type CommittedRows,
  toCommitted,
  toCommittedNotice,
} from "./committed.ts";
import { type IdentityNews, identityChangesOf, peopleToLearn, type ToldIdentityRows } from "./identities.ts";

/** The most events that one call takes: beyond, a transaction holds its locks for too long. */
export const INGEST_LIMIT_EVENTS = 200;

type Filled = { committed: CommittedRows; files?: number[] };
type Answer = { committed: CommittedRows; files: number[]; unknown: number[] };
type Answers = {
  filled: Filled | null;
  ingested: Answer;
  notices: CommittedNoticeRow[];
  told: ToldIdentityRows | null;
};

/** What a batch changed, and how many of its events were for numbers that are not ours. `files`: numbers that have new ones. */
export type Ingested = Committed & { strangers: number; files?: number[]; identities?: IdentityNews };

/**
 * Stores a batch of what Meta told us: one transaction and one round trip, whatever the mix. What is stored already
 * changes nothing, but its events come back with their old numbers. Events of a number that is not ours are kept raw,
 * in a second call. Throws what Postgres says when any of the batch is refused: then nothing of it is stored.
 */
export async function ingest(db: Db, events: InboundEvent[]): Promise<Ingested> {
  const items = events.flatMap((event, pos) => (event.kind === "notice" ? [] : toItems(event, pos)));
  const notices = events.filter((event) => event.kind === "notice");
  const files = events.flatMap((event, pos) =>
    event.kind === "message" && event.isHistory && event.media ? [toItem(event, pos)] : [],
  );
  const names = notices.flatMap(({ phoneNumberId, names = [] }) =>
    names.map((name) => ({ phoneNumberId, ...name })),
  );
  const { rows } = await db.execute<Answers>(
    sql`select fill_placeholders(${JSON.stringify(files)}::json) as filled,
      learn_names(${toJson(names)}::json), learn_people(${toJson(peopleToLearn(events))}::json), ingest(${JSON.stringify(items)}::json) as ingested,
      keep_notices(${toRows(notices)}::json) as notices, tell_identities(${toJson(identityChangesOf(events))}::json) as told`,
  );
  const ingested = rows[0]?.ingested;
  if (!ingested) throw new Error("ingest gave no row");
  const strangers = [...new Set(ingested.unknown)].flatMap((pos) => asNotice(events[pos], "unknown_number"));
  if (strangers.length > 0) await keepNotices(db, strangers);
  const { filled, told, notices: newNotices = [] } = rows[0] ?? {};
  // Two contacts that turned out to be one: their chats' later rows stand behind.
  const committed = [filled?.committed, ingested.committed, told?.committed].flatMap((rows) =>
    rows ? toCommitted(rows) : [],
  );
  return {
    events: committed.flatMap(({ events }) => events),
    chats: committed.flatMap(({ chats }) => chats),
    strangers: strangers.length,
    files: [...new Set([...ingested.files, ...(filled?.files ?? [])])],
    ...(newNotices.length > 0 && { notices: newNotices.map(toCommittedNotice) }),
    ...(told && { identities: { joins: told.joins, conflicts: told.conflicts } }),
  };
}

/** Keeps events raw that the database refuses as what they are. */
export async function keepRefused(db: Db, events: InboundEvent[]): Promise<void> {
  await keepNotices(
    db,
    events.flatMap((event) => asNotice(event, "refused_by_database")),
  );
}

async function keepNotices(db: Db, notices: InboundNotice[]): Promise<void> {
  await db.execute(sql`select keep_notices(${toRows(notices)}::json)`);
}

function asNotice(event: InboundEvent | undefined, reason: InboundNotice["reason"]): InboundNotice[] {
  if (!event) return [];
  if (event.kind === "notice") {
    // It may be what it says that is refused: kept, and not acted upon.
    const { reading: _, ...kept } = event;
    return [{ ...kept, reason: kept.reason ?? reason }];
  }
  const { phoneNumberId } = event;
  const source = sourceOf(event);
  return [{ kind: "notice", phoneNumberId, wabaId: null, field: null, reason, raw: null, source }];
}

/** One item, or two of a call. */
function toItems(event: InboundMessage | InboundStatus, pos: number) {
  const item = toItem(event, pos);
  if (event.kind === "status" || event.amends !== "call" || event.refersTo === null) return [item];
  // The call's own row is made by whichever telling comes first, and shows what the latest of them says.
  const payload = JSON.stringify({ id: event.refersTo, type: "call" });
  const bare = { refersTo: null, amends: null, newBody: null, opensWindow: false };
  return [{ ...item, ...bare, wamid: event.refersTo, payload }, item];
}

function toItem(event: InboundMessage | InboundStatus, pos: number) {
  const { envelope: _, contact, payload, ...item } = event;
  // `payload` is JSON text already: its own escapes carry what Postgres text cannot hold.
  return { ...clean({ ...item, ...contact }), payload, pos };
}

function toRows(notices: InboundNotice[]): string {
  return JSON.stringify(notices.map(({ source, ...notice }) => ({ ...clean(notice), source })));
}

function toJson(rows: Record<string, unknown>[]): string {
  return JSON.stringify(rows.map(clean));
}

/** Replaces what Postgres text refuses (U+0000: 22P05, a lone surrogate: 22P02) by U+FFFD, in every text of a row. */
function clean<Row extends Record<string, unknown>>(row: Row): Row {
  const text = JSON.stringify(row, (_key, value) =>
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value,
  );
  return JSON.parse(text);
}
