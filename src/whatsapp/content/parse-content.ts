import type { ContentByType, MessageContent } from "../../domain/message-content.ts";
import { cleanText } from "../clean-text.ts";
import { isNonBlank, objectOf, ownOf } from "../json-fields.ts";
import { parseCommonFields } from "./common-fields.ts";
import { contentTypeByMetaType, metaTypes } from "./content-types.ts";

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

function parse(message: unknown, parseNested: ((message: unknown) => MessageContent) | null): MessageContent {
  const item = objectOf(message);
  const type = messageTypeOf(item);
  const raw = ownOf(item, type);
  const parser = contentTypeByMetaType(type)?.parsers[type];
  const content: ContentByType = parser?.(objectOf(raw), { item, raw, parseNested }) ?? {
    type: "other",
    name: type,
  };
  return { ...content, ...parseCommonFields(item) };
}
