import { cleanText } from "./clean-text.ts";
import { isObject, isRawNumber, type JsonObject } from "./json-text.ts";
import { LIST_ITEMS, SHORT_TEXT_LENGTH, STORED_TEXT_LENGTH } from "./limits.ts";

// Readers for values of unchecked shape. None of them throws; what does not fit is null, or empty.

/** Longer than any id of Meta's, and short enough for an index of Postgres. */
const ID_LENGTH = 512;
const NUMBER = /^-?\d{1,32}(?:\.\d{1,32})?(?:[eE][+-]?\d{1,3})?$/;
const YEAR_10000_S = 253_402_300_800;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** The object, or an empty one in place of anything else. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** An object's own value; never an inherited one such as `constructor`. */
export function ownOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The first items of a list; none where it is no list. */
export function listOf(value: unknown, maxItems = LIST_ITEMS): unknown[] {
  return Array.isArray(value) ? value.slice(0, maxItems) : [];
}

/** The objects among the first items of a list. */
export function objectsOf(value: unknown, maxItems = LIST_ITEMS): JsonObject[] {
  return listOf(value, maxItems).filter(isObject);
}

/** The full length of a list, which `objectsOf` may have cut. */
export function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** A text that is not blank, storable and of bounded length; else null. */
export function textOf(value: unknown, maxLength = STORED_TEXT_LENGTH): string | null {
  return isNonBlank(value) ? cleanText(value, maxLength) : null;
}

/** The same for what is short by nature: a title, a name, a URL. */
export function shortTextOf(value: unknown): string | null {
  return textOf(value, SHORT_TEXT_LENGTH);
}

/** The same, also of a list, since Meta writes some single words as one. */
export function wordOf(value: unknown): string | null {
  return shortTextOf(Array.isArray(value) ? value[0] : value);
}

/** Any string, unchanged, also a blank one. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function isNonBlank(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** The strings of a list that are not blank. */
export function nonBlankStringsOf(value: unknown): string[] {
  return listOf(value).filter(isNonBlank);
}

/** An id, verbatim, or the digits of one that came as a number. Null when it is empty, absurd or not storable. */
export function idOf(value: unknown): string | null {
  const text = isRawNumber(value) ? value.rawJSON : value;
  if (typeof text === "number") return Number.isSafeInteger(text) && text >= 0 ? String(text) : null;
  if (!isNonBlank(text) || text.length > ID_LENGTH) return null;
  if (isRawNumber(value) && !/^\d+$/.test(text)) return null;
  return cleanText(text) === text ? text : null;
}

/** A phone's digits, which are its id, however it is written: `+7 (916) 123-45-67`. An id of another kind stays as it is. */
export function phoneIdOf(value: unknown): string | null {
  const id = idOf(value);
  return id !== null && /^\+?\d[\d\s().-]*$/.test(id) ? id.replace(/\D/g, "") : id;
}

/** A number, also one that came as text or raw, rounded to a double; null for anything else. */
export function numberOf(value: unknown): number | null {
  const text = isRawNumber(value) ? value.rawJSON : value;
  const number = typeof text === "string" && NUMBER.test(text) ? Number(text) : text;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** An integer that a double holds exactly, also one that came as digits; null for anything else. */
export function integerOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null;
}

/**
 * Unix seconds, as text or as a number → RFC 3339; null for what is no moment between 1970 and 9999. Some webhooks carry
 * milliseconds, which as seconds would be past the year 10000, or RFC 3339 itself.
 */
export function timeOf(value: unknown): string | null {
  const text = isRawNumber(value) ? value.rawJSON : typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return null;
  if (RFC_3339.test(text)) return toRfc3339(Date.parse(text));
  if (!/^\d{1,20}(?:\.0{1,20})?$/.test(text)) return null;
  const seconds = Number(text);
  return toRfc3339(seconds < YEAR_10000_S ? seconds * 1000 : seconds);
}

function toRfc3339(ms: number): string | null {
  return ms >= 0 && ms < YEAR_10000_S * 1000 ? new Date(ms).toISOString() : null;
}
