import { foldText } from "./fold-text.ts";

/** A piece of a text around what a search found in it. `marks`: the found parts, `[start, end)` in UTF-16 units of `text`. */
export type Snippet = { text: string; marks: [start: number, end: number][] };

const BEFORE_CHARS = 60;
const SNIPPET_CHARS = 200;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Four digits or more, in groups or not: what the SQL functions `search_numbers` and `grouped_numbers` index. */
const NUMBER =
  /\+?\d(?:[ \u00a0\u2000-\u200a\u202f().+/‐-―−-]{0,3}\d){6,18}|(?<![\p{L}\p{N}])\d(?:[ \u00a0\u2000-\u200a\u202f().+/‐-―−,'’-]?\d){3,5}(?![\p{L}\p{N}])/gu;

/** The digits of each number of four digits or more in a text, however they are grouped. */
export function numbersIn(text: string): string[] {
  return (text.match(NUMBER) ?? []).map(digitsOf);
}

/** The text with the groups of each such number joined: "Ann 45 67" becomes "Ann 4567". */
export function joinNumbers(text: string): string {
  return text.replaceAll(NUMBER, digitsOf);
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}

/**
 * The first found words of a text, with some of what surrounds them. `words` are folded, as the database matched them; `numbers`
 * are the digits of the query's numbers.
 */
export function toSnippet(body: string, words: ReadonlySet<string>, numbers: readonly string[]): Snippet {
  const found = [...marksOf(body, WORD, (word) => isFoundWord(foldText(word), words))];
  found.push(
    ...marksOf(
      body,
      NUMBER,
      (text) => words.has(digitsOf(text)) || numbers.some((n) => isSameNumber(text, n)),
    ),
  );
  found.sort(([a], [b]) => a - b);
  const from = wholeCharacter(body, Math.max(0, (found[0]?.[0] ?? 0) - BEFORE_CHARS));
  const to = wholeCharacter(body, Math.min(body.length, from + SNIPPET_CHARS));
  const [lead, tail] = [from > 0 ? "…" : "", to < body.length ? "…" : ""];
  const shift = lead.length - from;
  const marks: Snippet["marks"] = [];
  for (const [start, end] of found) {
    // One that overlaps the last, as a number and its parts do, extends it.
    const last = marks.at(-1);
    if (start >= to) break;
    if (last && start + shift <= last[1]) last[1] = Math.max(last[1], Math.min(end, to) + shift);
    else marks.push([start + shift, Math.min(end, to) + shift]);
  }
  return { text: `${lead}${body.slice(from, to)}${tail}`, marks };
}

function* marksOf(
  body: string,
  pattern: RegExp,
  isFound: (part: string) => boolean,
): Generator<[number, number]> {
  for (const { 0: part, index } of body.matchAll(pattern))
    if (isFound(part)) yield [index, index + part.length];
}

/** A word like "n48213" is also found by its letters and its digits. */
function isFoundWord(word: string, words: ReadonlySet<string>): boolean {
  return (
    words.has(word) ||
    [...word.matchAll(/\p{L}+|\p{N}{3,}/gu)].some(([part]) => /\p{N}/u.test(part) && words.has(part))
  );
}

/** Of a phone the last four digits are enough, or the first five: +7 900, 8 900 and 900 begin the same number. */
function isSameNumber(text: string, number: string): boolean {
  const digits = digitsOf(text).replace(/^[78](?=\d{10}$)/, "");
  if (digits.length >= 7 && digits.endsWith(number)) return true;
  return (
    number.length >= 5 && [number, number.replace(/^[78]/, "")].some((start) => digits.startsWith(start))
  );
}

/** The place itself, or the one before it when it would split a surrogate pair. */
function wholeCharacter(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return place > 0 && code >= 0xdc00 && code <= 0xdfff ? place - 1 : place;
}
