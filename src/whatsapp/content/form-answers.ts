import type { ContentOf } from "../../domain/message-content.ts";
import { cleanText } from "../clean-text.ts";
import { objectOf, textOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { STORED_TEXT_LENGTH } from "../limits.ts";

/** `text`, and the answers as an object or else as text. */
export type FormAnswers = Pick<ContentOf<"addressReply">, "text" | "response" | "responseText">;

const DEEPEST = 6;
const MOST_VALUES = 1_000;
const KEY_LENGTH = 256;
const VALUE_LENGTH = 4_096;

/**
 * Parses what a customer filled in. Meta sends it as text, which should be a JSON object; other text, or one that is too
 * long to parse, stays text.
 */
export function parseFormAnswers({ body, response_json: answer }: JsonObject): FormAnswers {
  const text = textOf(body);
  const parsed = typeof answer === "string" ? parse(answer) : answer;
  if (isObject(parsed)) return { text, response: boundedObject(parsed), responseText: null };
  return { text, response: null, responseText: textOf(answer) };
}

/** The answers that a person can read, by name: neither the flow's token nor nested objects. */
export function readableAnswers(response: Record<string, unknown>): [name: string, answer: string][] {
  return Object.entries(response)
    .filter(([key]) => key !== "flow_token")
    .map(([key, value]): [string, string] => {
      const label = key.match(EDITOR_NAME)?.[1];
      const answers = [value].flat().map(answerOf).filter(Boolean);
      const shown = label === undefined ? answers : answers.map(optionOf);
      return [(label ?? key).replaceAll("_", " ").trim(), shown.join(", ")];
    })
    .filter(([, answer]) => answer !== "");
}

function parse(text: string): unknown {
  if (text.length > STORED_TEXT_LENGTH) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A copy of what is storable: beyond its bounds values become null or are left out. */
function boundedObject(root: JsonObject): JsonObject {
  let values = 0;
  const copy = (value: unknown, depth: number): unknown => {
    values += 1;
    if (typeof value === "string") return cleanText(value, VALUE_LENGTH);
    if (typeof value !== "object" || value === null) return value;
    if (depth === DEEPEST) return null;
    const inner: [string, unknown][] = [];
    for (const [key, one] of Object.entries(value)) {
      if (values >= MOST_VALUES) break;
      inner.push([cleanText(key, KEY_LENGTH), copy(one, depth + 1)]);
    }
    return Array.isArray(value) ? inner.map(([, one]) => one) : Object.fromEntries(inner);
  };
  return objectOf(copy(root, 0));
}

/** Forms made in Meta's editor call a field `screen_0_Your_name_1` and an option `0_Very_good`. */
const EDITOR_NAME = /^screen_\d+_(.+)_\d+$/;

function optionOf(answer: string): string {
  return /^\d+_\D/.test(answer) ? answer.replace(/^\d+_/, "").replaceAll("_", " ") : answer;
}

function answerOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value.trim();
  return textOf(objectOf(value).file_name) ?? "";
}
