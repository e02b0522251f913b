import { sql } from "drizzle-orm";
import type { Chat } from "../domain/chat.ts";
import type { ChatEvent, ChatEventName } from "../domain/chat-event.ts";
import type { Db } from "./client.ts";
import { PAGE_BYTES } from "./page-bytes.ts";
import { type ChatRow, type MessageRow, toChat, toMessage } from "./rows.ts";
import { type ActivityRow, type NoteRow, toActivity, toNote } from "./team-rows.ts";

/**
 * What a client that has seen a chat up to a number has missed, or the first part of it, in one snapshot. Events are gapless
 * and ascending, each with the current row that it changed. `chat` is the chat's row; null without events. `firstSeq`: the first
 * number that can be given; above the one after the client's, where older events were removed.
 */
export type CatchUp = {
  head: number;
  epoch: string;
  firstSeq: number;
  chat: Chat | null;
  events: ChatEvent[];
};

/**
 * The first events after a number: at most `limit`, and fewer when they reach `PAGE_BYTES`, with Meta's objects when
 * `withPayloads`. Null when there is no such chat in the organization (null: in any).
 */
export async function eventsAfter(
  db: Db,
  { id, organizationId }: { id: number; organizationId: number | null },
  after: number,
  limit: number,
  { withPayloads = false }: { withPayloads?: boolean } = {},
): Promise<CatchUp | null> {
  const { rows } = await db.execute<MissedRow>(sql`
    select head, epoch, "eventSeq", event, "chatRow", activity, note, (message).*
    from missed_events(${organizationId}::int, ${id}::int, ${after}::bigint, ${limit}::int, ${PAGE_BYTES}::int,
      ${withPayloads})`);
  return toCatchUp(id, rows);
}

/** A row of the SQL function `missed_events`: an event with the columns of its message. */
export type MissedRow = {
  head: number;
  epoch: string;
  /** Null in the single row for a client that has missed nothing, or nothing that is left. */
  eventSeq: number | null;
  event: ChatEventName | null;
  /** In the first row only. */
  chatRow: ChatRow | null;
  /** Null for an event that is none. */
  activity: ActivityRow | null;
  note: NoteRow | null;
} & { [Key in keyof MessageRow]: MessageRow[Key] | null };

/** Null without rows: there is no such chat. */
function toCatchUp(chatId: number, rows: MissedRow[]): CatchUp | null {
  const [first] = rows;
  if (!first) return null;
  const { head, epoch, chatRow } = first;
  const chat = chatRow && toChat(chatRow);
  const firstSeq = first.eventSeq ?? head + 1;
  return { head, epoch, firstSeq, chat, events: rows.flatMap((row) => toEvents(chatId, row, chat)) };
}

function toEvents(chatId: number, row: MissedRow, chat: Chat | null): ChatEvent[] {
  const { eventSeq: seq, event } = row;
  const note = row.note && { note: toNote(row.note) };
  const activity = row.activity && { activity: toActivity(row.activity) };
  if (seq === null || event === null) return [];
  // With an id it is a whole row of "Message".
  if (row.id !== null) return [{ chatId, seq, event, message: toMessage(row as MessageRow) }];
  return [{ chatId, seq, event, ...(chat && { chat }), ...activity, ...note }];
}

/** Records when events were first sent to an open socket. The first time stays. */
export async function markPublished(
  db: Db,
  chatId: number,
  published: { seq: number; atMs: number }[],
): Promise<void> {
  const seqs = sql`${sql.param(`{${published.map(({ seq }) => seq).join(",")}}`)}::int[]`;
  const times = sql`${sql.param(`{${published.map(({ atMs }) => atMs).join(",")}}`)}::bigint[]`;
  // By the numbers alone, never by a join: Postgres would read the whole log.
  await db.execute(sql`
    update "ChatEvent" e set "publishedAt" = to_timestamp((${times})[array_position(${seqs}, e.seq)] / 1000.0)
    where e."chatId" = ${chatId}::int and e.seq = any(${seqs}) and e."publishedAt" is null`);
}
