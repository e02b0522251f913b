import type { MessageContent } from "../../domain/message-content.ts";
import { cleanText } from "../clean-text.ts";
import { isNonBlank } from "../json-fields.ts";
import { STORED_TEXT_LENGTH } from "../limits.ts";
import { contentTypeOf } from "./content-types.ts";

/** What a person reads of a message. Never empty: without a text it is a placeholder in brackets. */
export function toBody(content: MessageContent): string {
  const type = contentTypeOf(content);
  const text = type.toText(content, toBody);
  const body = isNonBlank(text) ? text : `[${type.toPlaceholder?.(content) ?? content.type}]`;
  return cleanText(body, STORED_TEXT_LENGTH);
}
