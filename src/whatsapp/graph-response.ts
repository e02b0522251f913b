import { cleanText } from "./clean-text.ts";
import type { GraphFault } from "./graph-error.ts";
import { idOf, integerOf, isNonBlank } from "./json-fields.ts";
import { isObject, type JsonObject, parseJson } from "./json-text.ts";

/** Far more than any answer that we ask for. */
const MAX_RESPONSE_BYTES = 1024 * 1024;
const DETAILS_LENGTH = 2_000;
/** The subcode of 100 for an object that does not exist, or cannot be read. */
const NOT_FOUND = 33;

/** One answer of Graph's: its JSON object, or null where there is none; and what there is to know if it is an error. */
export type GraphResponse = {
  httpStatus: number;
  json: JsonObject | null;
  fault: Omit<GraphFault, "outcome" | "object">;
};

/**
 * Reads an answer: HTML, half a JSON or more than 1 MiB is no JSON. Throws what the connection throws while it is read.
 * The token is removed from Meta's texts, because Meta quotes it ("Malformed access token …").
 */
export async function readResponse(response: Response, token: string): Promise<GraphResponse> {
  const text = await bodyText(response);
  const json = text === null ? null : parseObject(text);
  const error = isObject(json?.error) ? json.error : {};
  const { error_data: data, error_user_msg, message } = error;
  // For a template only the text for people says what is wrong.
  const details = [isObject(data) ? data.details : null, error_user_msg, message].find(isNonBlank);
  const code = integerOf(error.code);
  const fault = {
    httpStatus: response.status,
    code,
    subcode: integerOf(error.error_subcode) ?? (code === 100 && isOfAnotherKind(message) ? NOT_FOUND : null),
    fbtraceId: idOf(error.fbtrace_id) ?? response.headers.get("x-fb-trace-id"),
    details: details !== undefined ? cleanText(withoutToken(details, token), DETAILS_LENGTH) : null,
    retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
  };
  return { httpStatus: response.status, json, fault };
}

/** "Tried accessing nonexisting field (message_templates) on node type (Business)": the id is of another kind of object. */
export function isOfAnotherKind(message: unknown): boolean {
  return typeof message === "string" && /nonexisting field .* on node type/i.test(message);
}

/** Null when it is too long: then nothing of it is worth keeping, and the rest is not fetched. */
async function bodyText(response: Response): Promise<string | null> {
  if (!response.body) return "";
  const announced = response.headers.get("content-length");
  const isSmall = announced !== null && Number(announced) <= MAX_RESPONSE_BYTES;
  // The length is that of the bytes sent, which for compressed ones is not the text's.
  if (isSmall && !response.headers.has("content-encoding")) return await response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > MAX_RESPONSE_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function parseObject(text: string): JsonObject | null {
  try {
    const json = parseJson(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

function withoutToken(text: string, token: string): string {
  return text.replaceAll(token, "[token]").replace(/\bEAA[\w-]{8,}/g, "[token]");
}

/** A message that waits for longer than this is tried again: a limit of hours is rather a mistake, or is lifted before. */
const LONGEST_RETRY_MS = 15 * 60_000;

/** In seconds; the other form, a date, would need a clock that agrees with Meta's. */
function retryAfterMs(header: string | null): number | null {
  if (!header || !/^\d{1,15}$/.test(header.trim())) return null;
  return Math.min(Number(header) * 1000, LONGEST_RETRY_MS);
}
