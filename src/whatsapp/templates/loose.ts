import { isObject, type JsonObject } from "../json-text.ts";

/** The objects of a list; none where it is no list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function isWord(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** The texts of a list that are not blank. */
export function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isWord) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
