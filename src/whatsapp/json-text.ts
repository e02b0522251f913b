export type JsonObject = Record<string, unknown>;

/** What ECMAScript calls "JSON.parse source text access": V8 has it, TypeScript's library does not know it yet. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
type RawNumber = { rawJSON: string };
type SourceTextAccess = {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): value is RawNumber;
};
const json = JSON as unknown as SourceTextAccess;

/** A number that a double may not give back as it was written. May also match inside a string, which only costs time. */
const INEXACT_NUMBER = /(?:^|[:,[])\s*(?:-0|-?\d{16}|-?\d+[.eE])/;

/**
 * Parses so that `JSON.stringify` gives back every number as Meta wrote it (12345678901234567890, 1.10), where a double
 * would not. Such a number is then not a `number` but a raw one: read it with `idOf`, `numberOf` or `timeOf`. Throws
 * SyntaxError.
 */
export function parseJson(text: string): unknown {
  if (!INEXACT_NUMBER.test(text)) return JSON.parse(text);
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

/** A number that `parseJson` kept as it was written. */
export function isRawNumber(value: unknown): value is RawNumber {
  return json.isRawJSON(value);
}

/** Whether a double has the same value: 1.10 is 1.1, but 12345678901234567890 is another number. */
export function isExactNumber({ rawJSON }: RawNumber): boolean {
  const shortest = /^-?\d+\.\d+$/.test(rawJSON) ? rawJSON.replace(/\.?0+$/, "") : rawJSON;
  return String(Number(rawJSON)) === shortest;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

/** The object without some of its keys. Own keys only and in their order, so that also `__proto__` is just a key. */
export function omit(object: JsonObject, keys: Iterable<string>): JsonObject {
  const without = new Set(keys);
  return Object.fromEntries(Object.entries(object).filter(([key]) => !without.has(key)));
}

/** The object with some of its keys only. */
export function pick(object: JsonObject, keys: Iterable<string>): JsonObject {
  const wanted = new Set(keys);
  return Object.fromEntries(Object.entries(object).filter(([key]) => wanted.has(key)));
}
