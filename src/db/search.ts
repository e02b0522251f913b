import { sql } from "drizzle-orm";
import type { Chat } from "../domain/chat.ts";
import { foldText } from "../domain/fold-text.ts";
import type { FoundMessage } from "../domain/found-message.ts";
import { joinNumbers, numbersIn, toSnippet } from "../domain/snippet.ts";
import { toPreview } from "../domain/truncated-message.ts";
import type { Db } from "./client.ts";
import { withMemberNames } from "./member-names.ts";
import { type ChatRow, type MessageRow, rfc3339, toChat, toMessage } from "./rows.ts";

type FoundRow = MessageRow & { words: string[]; byNumber: boolean; chat: ChatRow };

/** A position among found messages: their time (RFC 3339) and id, and whether they were found by the query's numbers alone. */
export type SearchPosition = { createdAt: string; id: number; byNumber: boolean };

/**
 * The organization's messages that match, newest first by Meta's time, after a position. Where none has all words of the query, those
 * that have its numbers.
 */
export async function searchMessages(
  db: Db,
  organizationId: number,
  query: string,
  after: SearchPosition | null,
  limit: number,
): Promise<FoundMessage[]> {
  const { rows } = await db.execute<FoundRow>(sql`
    select to_json(words) as words, "byNumber", chat, (message).* from search_messages(${organizationId}::int, ${query},
      ${after?.createdAt ?? null}::timestamptz, ${after?.id ?? null}::int, ${after?.byNumber ?? false}, ${limit}::int)`);
  const numbers = numbersIn(foldText(query));
  return rows.map((row) => {
    const message = toMessage(row);
    return {
      message: toPreview(message),
      chat: toChat(row.chat),
      snippet: toSnippet(message.body, new Set(row.words), numbers),
      byNumber: row.byNumber,
    };
  });
}

export function placeOfMessage({ message, byNumber }: FoundMessage): SearchPosition {
  return { createdAt: rfc3339(message.createdAt), id: message.id, byNumber };
}

/**
 * The organization's chats whose contact has all the query's words in a name, the username or the phone, newest activity first. Of a
 * number those come first whose phone ends with it: people know a phone by its last digits.
 */
export async function searchContacts(
  db: Db,
  organizationId: number,
  query: string,
  limit: number,
): Promise<Chat[]> {
  const folded = foldText(query);
  const phone = numberOf(folded);
  const patterns = phone === null ? [] : numberPatterns(phone);
  for (const text of [folded, joinNumbers(folded)]) patterns.push(wordPatterns(text));
  const sets = new Set(patterns.filter((set) => set.length > 0).map((set) => JSON.stringify(set)));
  if (sets.size === 0) return [];
  const { rows } = await db.execute<ChatRow>(sql`
    select * from search_contacts(${organizationId}::int, ${`[${[...sets]}]`}::json, ${phone}, ${limit}::int)`);
  return (await withMemberNames(db, rows)).map(toChat);
}

const NUMBER_DIGITS = 3;
const PHONE_DIGITS = 7;
const MOST_WORDS = 8;

/** The digits of a folded query that is a number, in whatever form, or has one that may be a phone; null for any other. */
function numberOf(folded: string): string | null {
  if (!/^[\d\s().+,#/‐-―−'’-]+$/.test(folded.replaceAll("№", "")))
    return numbersIn(folded).find(({ length }) => length >= PHONE_DIGITS) ?? null;
  const digits = folded.replaceAll(/\D/g, "");
  return digits.length >= NUMBER_DIGITS ? digits : null;
}

/** The phone is the last of what a contact is searched by. */
function numberPatterns(number: string): string[][] {
  const national = number.replace(/^[78](?=\d{10}$)/, "");
  return [[`%${national}`], [`%${national}%`]];
}

/** A LIKE pattern for each word of a folded text, the longest first. A short word must begin one, as too much contains it. */
function wordPatterns(folded: string): string[] {
  const words = folded.split(/[^\p{L}\p{N}\p{M}_@.-]+/u);
  return words
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .sort((a, b) => b.length - a.length)
    .slice(0, MOST_WORDS)
    .map((word) => word.replaceAll(/[\\%_]/g, "\\$&"))
    .map((word) => (word.length < 3 ? `% ${word}%` : `%${word}%`));
}

/** Indexes messages from before there was a search, at most `limit`. Returns whether there may be more. */
export async function indexEarlierMessages(db: Db, limit: number): Promise<boolean> {
  const { rows } = await db.execute<{ more: boolean }>(
    sql`select index_earlier_messages(${limit}::int) as more`,
  );
  return rows[0]?.more ?? false;
}
