import { sql } from "drizzle-orm";
import type { ChatNote } from "../domain/chat-note.ts";
import { type ChatKey, hasChat } from "./chats.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import { type NoteRow, toNote } from "./team-rows.ts";

export type NoteText = { body: string; mentions: number[] };

type Written<Kind, Refusal> = { kind: Kind; note: ChatNote; committed: Committed } | { kind: Refusal };
type WrittenRows<Kind, Refusal> =
  | { kind: Kind; note: NoteRow; committed: CommittedRows }
  | { kind: Refusal; note?: undefined };

/** `key_reused`: the agent wrote something else under this idempotency key. `no_agent`: it mentions nobody of the organization. */
export type AddedNote = Written<"added", "key_reused" | "no_agent">;
export type ChangedNote = Written<"changed", "not_author" | "no_agent">;

/** Adds a note to a chat. Repeated under the same key it returns the same note. Null when there is no such chat. */
export async function addNote(
  db: Db,
  { id, organizationId }: ChatKey,
  agentId: number,
  { body, mentions }: NoteText,
  idempotencyKey: string | null,
): Promise<AddedNote | null> {
  const { rows } = await db.execute<{ added: WrittenRows<"added", "key_reused" | "no_agent"> | null }>(sql`
    select add_note(${organizationId}::int, ${id}::int, ${agentId}::int, ${body}, ${arrayOf(mentions)}::int[],
      ${idempotencyKey}) as added`);
  return toWritten(singleRow(rows).added);
}

/** Edits a note, or deletes it when `text` is null. Null when the organization has no such note. */
export async function changeNote(
  db: Db,
  { id, organizationId }: { id: number; organizationId: number },
  agentId: number,
  text: NoteText | null,
): Promise<ChangedNote | null> {
  const { rows } = await db.execute<{
    changed: WrittenRows<"changed", "not_author" | "no_agent"> | null;
  }>(sql`
    select change_note(${organizationId}::int, ${id}::int, ${agentId}::int, ${text?.body ?? null},
      ${arrayOf(text?.mentions ?? [])}::int[]) as changed`);
  return toWritten(singleRow(rows).changed);
}

/** A chat's notes below an id (null: from the newest), newest first, without deleted ones. Null when there is no such chat. */
export async function notesBefore(
  db: Db,
  key: ChatKey,
  before: number | null,
  limit: number,
): Promise<ChatNote[] | null> {
  const { rows } = await db.execute<{ row: NoteRow }>(sql`
    select row from list_notes(${key.organizationId}::int, ${key.id}::int, ${before ?? 2_147_483_647}::int, ${limit}::int) row`);
  if (rows.length === 0 && !(await hasChat(db, key))) return null;
  return rows.map(({ row }) => toNote(row));
}

function toWritten<Kind extends string, Refusal extends string>(
  written: WrittenRows<Kind, Refusal> | null,
): Written<Kind, Refusal> | null {
  if (!written || written.note === undefined) return written;
  return { kind: written.kind, note: toNote(written.note), committed: toCommitted(written.committed) };
}

function arrayOf(ids: number[]) {
  return sql.param(`{${ids.join(",")}}`);
}
