import { sql } from "drizzle-orm";
import type { InboundEvent, InboundMessage, InboundNotice, InboundStatus } from "../domain/inbound-event.ts";
import type { Db } from "./client.ts";
import type { Committed } from "./committed.ts";

/** The most events that one call takes: beyond, a transaction holds its locks for too long. */
export const INGEST_LIMIT_EVENTS = 200;

type Ingested = { committed: Committed; unknown: number[] };

/**
 * Stores a batch of what Meta told us: one transaction and one round trip, whatever the mix. What is stored already
 * changes nothing, but its events come back with their old numbers. Events of a number that is not ours are kept raw,
 * in a second call. Throws what Postgres says when any of the batch is refused: then nothing of it is stored.
 */
export async function ingest(db: Db, events: InboundEvent[]): Promise<Committed> {
  const items = events.flatMap((event, pos) => (event.kind === "notice" ? [] : [toItem(event, pos)]));
  const notices = events.filter((event) => event.kind === "notice");
  const { rows } = await db.execute<{ ingested: Ingested }>(
    sql`select ingest(${JSON.stringify(items)}::json) as ingested, keep_notices(${toRows(notices)}::json)`,
  );
  const ingested = rows[0]?.ingested;
  if (!ingested) throw new Error("ingest gave no row");
  const strangers = ingested.unknown.flatMap((pos) => asNotice(events[pos], "unknown_number"));
  if (strangers.length > 0) await keepNotices(db, strangers);
  return ingested.committed;
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
  if (event.kind === "notice") return [event];
  const { phoneNumberId, source } = event;
  return [{ kind: "notice", phoneNumberId, wabaId: null, field: null, reason, raw: null, source }];
}

function toItem(event: InboundMessage | InboundStatus, pos: number) {
  const { source, contact, payload, ...item } = event;
  // `payload` is JSON text already: its own escapes carry what Postgres text cannot hold.
  return { ...clean({ ...item, ...contact }), payload, pos };
}

function toRows(notices: InboundNotice[]): string {
  return JSON.stringify(notices.map(({ source, ...notice }) => ({ ...clean(notice), source })));
}

/** Replaces what Postgres text refuses (U+0000: 22P05, a lone surrogate: 22P02) by U+FFFD, in every text of a row. */
function clean<Row extends Record<string, unknown>>(row: Row): Row {
  const text = JSON.stringify(row, (_key, value) =>
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value,
  );
  return JSON.parse(text);
}
