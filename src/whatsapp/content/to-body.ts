import type { MessageContent } from "../../domain/message-content.ts";
import { cleanText } from "../clean-text.ts";
import { isNonBlank } from "../json-fields.ts";
import { STORED_TEXT_LENGTH } from "../limits.ts";
import { contentTypeOf } from "./content-types.ts";
import { reasonOf } from "./text-parts.ts";

/**
 * What a person reads of a message. Never empty: without a text it is a placeholder in brackets, with Meta's reason if there
 * is one. A caption has it below, where its file could not be had.
 */
export function toBody(content: MessageContent): string {
  const type = contentTypeOf(content);
  const text = type.toText(content, toBody);
  const reason = reasonOf(content);
  const placeholder = `[${[type.toPlaceholder?.(content) ?? content.type, reason].filter(Boolean).join(": ")}]`;
  const isWithoutFile = reason !== null && "mediaId" in content && content.mediaId === null;
  const body = isNonBlank(text) ? (isWithoutFile ? `${text}\n${placeholder}` : text) : placeholder;
  return cleanText(body, STORED_TEXT_LENGTH);
}
