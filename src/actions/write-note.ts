import { addNote, changeNote, type NoteText } from "../db/chat-notes.ts";
import type { ChatNote } from "../domain/chat-note.ts";
import { AppError, invalidField } from "../errors.ts";
import type { ActionContext } from "./context.ts";
import { noChat } from "./require-chat.ts";

/**
 * Adds a note to a chat, for colleagues alone, and publishes it. The same key and text add one note. Throws `not_found`,
 * `invalid_request` for a mention of somebody else than an agent, and `idempotency_key_reused`.
 */
export async function addNoteTo(
  { agent, db, publish }: ActionContext,
  chatId: number,
  text: NoteText,
  idempotencyKey: string | null,
): Promise<ChatNote> {
  const key = { id: chatId, organizationId: agent.organizationId };
  const added = await addNote(db, key, agent.id, text, idempotencyKey);
  if (!added) throw noChat(chatId);
  switch (added.kind) {
    case "added":
      await publish(added.committed);
      return added.note;
    case "key_reused":
      throw new AppError(
        "idempotency_key_reused",
        "You used this Idempotency-Key for another note. Use a new key.",
      );
    case "no_agent":
      throw noSuchMention();
  }
}

/** Edits an own note, or with null deletes it, and publishes that. Throws `not_found`, `forbidden`, `invalid_request`. */
export async function changeNoteOf(
  { agent, db, publish }: ActionContext,
  id: number,
  text: NoteText | null,
): Promise<ChatNote> {
  const changed = await changeNote(db, { id, organizationId: agent.organizationId }, agent.id, text);
  if (!changed) throw new AppError("not_found", `No such note: ${id}.`);
  switch (changed.kind) {
    case "changed":
      await publish(changed.committed);
      return changed.note;
    case "not_author":
      throw new AppError("forbidden", "Only its author edits or deletes a note.");
    case "no_agent":
      throw noSuchMention();
  }
}

function noSuchMention(): AppError {
  return invalidField("/mentions", "mentions must be agents of the organization.");
}
