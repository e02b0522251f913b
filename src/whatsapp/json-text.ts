import { cleanText } from "./clean-text.ts";

export type JsonObject = Record<string, unknown>;

/** Longer than any id of Meta's, and short enough for an index of Postgres. */
const ID_LENGTH = 512;
const NUMBER = /^-?\d{1,32}(?:\.\d{1,32})?(?:[eE][+-]?\d{1,3})?$/;
const YEAR_10000_S = 253_402_300_800;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** What ECMAScript calls "JSON.parse source text access": V8 has it, TypeScript's library does not know it yet. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
type SourceTextAccess = {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): object;
  isRawJSON?(value: unknown): value is { rawJSON: string };
};
const json = JSON as unknown as SourceTextAccess;

/** A browser without raw numbers meets none. */
function isRaw(value: unknown): value is { rawJSON: string } {
  return json.isRawJSON?.(value) ?? false;
}

/** A number that a double may not give back as it was written. May also match inside a string, which only costs time. */
const DELICATE_NUMBER = /(?:^|[:,[])\s*(?:-0|-?\d{16}|-?\d+[.eE])/;

/**
 * Parses so that `JSON.stringify` gives back every number as Meta wrote it (12345678901234567890, 1.10), where a double
 * would not. Such a number is then no `number` but a raw one: read it by `idOf` or `timeOf`. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  if (!DELICATE_NUMBER.test(text)) return JSON.parse(text);
  try {
    return json.parse(text, (_key, value, { source }) => {
      const changed = typeof value === "number" && source !== undefined && JSON.stringify(value) !== source;
      return changed ? json.rawJSON(source) : value;
    });
  } catch (error) {
    // A reviver recurses and may overflow the stack where plain parsing does not.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRaw(value);
}

/** An id, verbatim, or the digits of one that came as a number. Null when it is empty, absurd or not storable. */
export function idOf(value: unknown): string | null {
  const text = isRaw(value) ? value.rawJSON : value;
  if (typeof text === "number") return Number.isSafeInteger(text) && text >= 0 ? String(text) : null;
  if (typeof text !== "string" || text.trim() === "" || text.length > ID_LENGTH) return null;
  if (isRaw(value) && !/^\d+$/.test(text)) return null;
  return cleanText(text) === text ? text : null;
}

/** A number, also one that came as text or raw, as near as a double comes; null for what is none. */
export function numberOf(value: unknown): number | null {
  const text = isRaw(value) ? value.rawJSON : value;
  const number = typeof text === "string" && NUMBER.test(text) ? Number(text) : text;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** A whole number that a double holds exactly, also one that came as digits; null for anything else. */
export function integerOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null;
}

/**
 * Unix seconds, as text or as a number → RFC 3339; null for what is no moment between 1970 and 9999. Some tell
 * milliseconds, which as seconds would be past the year 10000, or RFC 3339 itself.
 */
export function timeOf(value: unknown): string | null {
  const text = isRaw(value) ? value.rawJSON : typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return null;
  if (RFC_3339.test(text)) return momentOf(Date.parse(text));
  if (!/^\d{1,20}(?:\.0{1,20})?$/.test(text)) return null;
  const told = Number(text);
  return momentOf(told < YEAR_10000_S ? told * 1000 : told);
}

function momentOf(ms: number): string | null {
  return ms >= 0 && ms < YEAR_10000_S * 1000 ? new Date(ms).toISOString() : null;
}

/** The object without some of its keys. Own keys only and in their order, so that also `__proto__` is just a key. */
export function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** The object with some of its keys only. */
export function only(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}
