import type { ContentByType, MessageContent } from "../../domain/message-content.ts";
import { cleanText } from "../clean-text.ts";
import { idOf, isNonBlank, numberOf, objectOf, ownOf, shortTextOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { parseCommonFields } from "./common-fields.ts";
import type { ParseContext } from "./content-type.ts";
import { contentTypeByMetaType, metaTypes } from "./content-types.ts";
import { choiceText } from "./replies.ts";

const TYPE_LENGTH = 64;

/**
 * Parses Meta's message object: one that came in, an echo, or one that we send. Never throws, whatever the shape; a type
 * that we do not know is `other`. Texts, lists and depth are bounded, and all of it is storable.
 */
export function parseContent(message: unknown): MessageContent {
  return parse(message, (nested) => parse(nested, null));
}

/** Meta's `type`; where it is missing, the key that holds the content; `unknown` when there is none either. */
export function messageTypeOf(message: unknown): string {
  const object = objectOf(message);
  const type = ownOf(object, "type");
  if (isNonBlank(type)) return cleanText(type, TYPE_LENGTH);
  // Any message may have `errors`: they are its content only where its type says so.
  return metaTypes.find((key) => key !== "errors" && Object.hasOwn(object, key)) ?? "unknown";
}

function parse(message: unknown, parseNested: ParseNested): MessageContent {
  const item = objectOf(message);
  const type = messageTypeOf(item);
  const content = parseAs(type, item, parseNested) ?? parseOther(type, item, parseNested);
  return { ...content, ...parseCommonFields(item) };
}

type ParseNested = ParseContext["parseNested"];

/** Null for a type that we do not know. `raw`: what the message has in the place of that type's content. */
function parseAs(
  type: string,
  item: JsonObject,
  parseNested: ParseNested,
  raw: unknown = ownOf(item, type),
): ContentByType | null {
  const parser = contentTypeByMetaType(type)?.parsers[type];
  return parser?.(objectOf(raw), { item, raw, parseNested }) ?? null;
}

/** The content of a type that we do not know may be a file, a place or a text: what the customer sent is then read nevertheless. */
function parseOther(type: string, item: JsonObject, parseNested: ParseNested): ContentByType {
  const content = objectOf(ownOf(item, type));
  const kind = kindOf(content);
  const known = kind && parseAs(kind, item, parseNested, content);
  const text = choiceText(content);
  return known || { type: "other", name: type, ...(text !== null && { text }) };
}

/** The type whose content this may be: that of a file or of a place. */
function kindOf({ id, mime_type, latitude, longitude }: JsonObject): string | null {
  const mimeType = shortTextOf(mime_type);
  if (idOf(id) !== null && mimeType !== null)
    return /^(image|video|audio)\//.exec(mimeType)?.[1] ?? "document";
  return numberOf(latitude) !== null && numberOf(longitude) !== null ? "location" : null;
}
