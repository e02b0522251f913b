import type { ContentOf } from "../../domain/message-content.ts";
import { cleanText } from "../clean-text.ts";
import { objectOf, textOf } from "../json-fields.ts";
import { isExactNumber, isObject, isRawNumber, type JsonObject, parseJson } from "../json-text.ts";
import { STORED_TEXT_LENGTH } from "../limits.ts";
import { plainName } from "./text-parts.ts";

/** `text`, and the answers as an object or else as text. */
export type FormAnswers = Pick<ContentOf<"addressReply">, "text" | "response" | "responseText">;

const DEEPEST = 6;
const MOST_VALUES = 1_000;
const KEY_LENGTH = 256;
const VALUE_LENGTH = 4_096;
/** Names the flow's session; the form may have any number of answers before it. */
const TOKEN = "flow_token";
/** What WhatsApp itself adds to the answers: the session, and the form's own title, name and id. */
const NOT_ANSWERED = new Set([TOKEN, "wa_flow_response_params"]);
/** What WhatsApp shows for every form, whatever was filled in. */
const SENT = "Sent";

/**
 * Parses what a customer filled in. Meta sends it as text, which should be a JSON object; other text, or one that is too
 * long to parse, stays text. A number that a double cannot hold becomes the text of its digits.
 */
export function parseFormAnswers({ body, response_json: answer }: JsonObject): FormAnswers {
  const text = textOf(body);
  const parsed = typeof answer === "string" ? parse(answer) : answer;
  if (isObject(parsed)) return { text, response: boundedObject(parsed), responseText: null };
  const responseText = typeof answer === "string" ? answer : answer && JSON.stringify(answer);
  return { text, response: null, responseText: textOf(responseText) };
}

/** The answers that a person can read, by name, without what WhatsApp adds. */
export function readableAnswers(response: Record<string, unknown>): [name: string, answer: string][] {
  return Object.entries(response)
    .filter(([key]) => !NOT_ANSWERED.has(key))
    .map(([key, value]): [string, string] => {
      const label = key.match(EDITOR_NAME)?.[1];
      const answer = label === undefined ? null : optionsText(value);
      return [plainName(label ?? key), answer ?? answerText(value)];
    })
    .filter(([, answer]) => answer !== "");
}

function parse(text: string): unknown {
  if (text.length > STORED_TEXT_LENGTH) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** WhatsApp's own text of the form, where it says something. */
export function shownText({ text }: FormAnswers): string | null {
  return text === SENT ? null : text;
}

/** What a form holds that is no object, as it came; JSON's null says nothing. */
export function unreadableAnswers({ responseText }: FormAnswers): string | null {
  return responseText?.trim() === "null" ? null : responseText;
}

/** A copy of what is storable: beyond its bounds values become null or are left out. */
function boundedObject(root: JsonObject): JsonObject {
  let values = 0;
  const copy = (value: unknown, depth: number): unknown => {
    values += 1;
    if (typeof value === "string") return cleanText(value, VALUE_LENGTH);
    if (isRawNumber(value)) return isExactNumber(value) ? value : cleanText(value.rawJSON, VALUE_LENGTH);
    if (typeof value !== "object" || value === null) return value;
    if (depth === DEEPEST) return null;
    const inner: [string, unknown][] = [];
    for (const [key, one] of Object.entries(value)) {
      if (values >= MOST_VALUES) break;
      inner.push([cleanText(key, KEY_LENGTH), copy(one, depth + 1)]);
    }
    return Array.isArray(value) ? inner.map(([, one]) => one) : Object.fromEntries(inner);
  };
  const token = Object.hasOwn(root, TOKEN) ? { [TOKEN]: copy(root[TOKEN], 1) } : {};
  return { ...objectOf(copy(root, 0)), ...token };
}

/** Meta's form editor calls a field `screen_0_Your_name_1`. */
const EDITOR_NAME = /^screen_\d+_(.+)_\d+$/;
/**
 * An option of Meta's form editor, `0_Very_good`: its position in a list of 20 at most, and its title. A title with an address in
 * it stays as it is. https://developers.facebook.com/docs/whatsapp/flows/reference/components#checkbox
 */
const EDITOR_OPTION = /^(1?\d)_((?!.*(?:@|:\/\/)).+)$/;

/**
 * The titles of the options that the customer chose in a list of Meta's editor; null for all other values. Only a list shows
 * that it was a choice: a text with a number in front may just as well be what the customer typed.
 */
function optionsText(value: unknown): string | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const options = value.map((one) => (typeof one === "string" && one.match(EDITOR_OPTION)) || []);
  const positions = new Set(options.map(([, position]) => position));
  if (positions.has(undefined) || positions.size < options.length) return null;
  return options.map(([, , title = ""]) => plainName(title)).join(", ");
}

function answerText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value.trim();
  if (isRawNumber(value)) return value.rawJSON;
  if (Array.isArray(value)) return value.map(answerText).filter(Boolean).join(", ");
  const object = objectOf(value);
  const file = textOf(object.file_name) ?? textOf(object.mime_type);
  return (
    file ??
    readableAnswers(object)
      .map(([name, answer]) => `${name} ${answer}`)
      .join(", ")
  );
}
