import { isObject, type JsonObject, omit, pick } from "./json-text.ts";

/** Far more than Meta's metadata, or a contact, takes as JSON. */
const SHARED_LENGTH = 1_024;
const SHARED_VALUE_LENGTH = 256;
/** What is read of such an object; `profile` is one itself. */
const READ_NAMES = [
  ...["phone_number_id", "display_phone_number", "phase", "chunk_order", "progress"],
  ...["wa_id", "user_id", "parent_user_id", "username", "name", "profile"],
];

/** What an object has beside its parts: `shared` goes with each, `own` is a part itself. */
export type Beside = { shared: SharedParts; own: JsonObject };

/**
 * Parts an object from `keys`, which each of its parts needs, and from the keys that say nothing, since some write out what is
 * not there.
 */
export function besideOf(object: JsonObject, keys: readonly string[], parts: readonly string[]): Beside {
  const silent = Object.keys(object).filter((key) => isSilent(object[key]));
  const own = omit(object, [...keys, ...silent, ...parts]);
  return { shared: new SharedParts(pick(object, [...keys, ...silent]), keys), own };
}

/** Whether it says nothing. */
export function isSilent(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/**
 * What goes with each part of an object. The first part carries all of it, each later one only what is small or read: otherwise
 * a body of four megabytes with large metadata and many items would become many gigabytes.
 */
export class SharedParts {
  readonly #whole: JsonObject;
  readonly #keys: readonly string[];
  #later: JsonObject | null = null;
  #isUsed = false;

  /** `keys`: those of `whole` that later parts need too. */
  constructor(whole: JsonObject, keys: readonly string[] = Object.keys(whole)) {
    this.#whole = whole;
    this.#keys = keys;
  }

  next(): JsonObject {
    if (!this.#isUsed) {
      this.#isUsed = true;
      return this.#whole;
    }
    this.#later ??= mapValues(pick(this.#whole, this.#keys), (value) => small(value));
    return this.#later;
  }
}

/** Undefined for what is large and not read. */
function small(value: unknown, maxLength = SHARED_LENGTH, depth = 0): unknown {
  if (isShort(value, maxLength)) return value;
  if (!isObject(value) || depth > 1) return undefined;
  return mapValues(pick(value, READ_NAMES), (inner) => small(inner, SHARED_VALUE_LENGTH, depth + 1));
}

function isShort(value: unknown, maxLength: number): boolean {
  try {
    return (JSON.stringify(value) ?? "").length <= maxLength;
  } catch {
    // Parsing takes any depth, writing JSON does not.
    return false;
  }
}

function mapValues(object: JsonObject, change: (value: unknown) => unknown): JsonObject {
  const entries = Object.entries(object).map(([key, value]) => [key, change(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
