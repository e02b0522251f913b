import { cleanText } from "../clean-text.ts";
import { idOf, isObject, type JsonObject } from "../json-text.ts";

/** The longest text that is kept; Meta's own limit for a text is 4,096. */
export const TEXT_LENGTH = 65_536;
/** For what is shorter by nature: a title, a name, an address of the web. */
const WORD_LENGTH = 4_096;
const LIST_LENGTH = 300;

/** The object, or an empty one in place of anything else. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** An object's own value; nothing that every object inherits, such as `constructor`. */
export function ownOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The objects of a list, as many as are kept; none of what is no list. */
export function objectsOf(value: unknown, longest = LIST_LENGTH): JsonObject[] {
  return Array.isArray(value) ? value.slice(0, longest).map(objectOf) : [];
}

/** How long a list is in truth. */
export function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** A text that says something, storable and of bounded length; else null. */
export function textOf(value: unknown, longest = TEXT_LENGTH): string | null {
  return typeof value === "string" && value.trim() !== "" ? cleanText(value, longest) : null;
}

/** The same for what is short by nature. */
export function wordOf(value: unknown): string | null {
  return textOf(value, WORD_LENGTH);
}

/** The digits of our own number in the `metadata` that stands in most values. */
export function phoneIn(metadata: unknown): string | null {
  return idOf(objectOf(metadata).display_phone_number)?.replace(/\D/g, "") ?? null;
}
