import type { MessageContent } from "../domain/message-content.ts";
import { contentTypeByMetaType, contentTypeOf } from "./content/content-types.ts";

/**
 * Whether a customer's message opens the customer service window. One that Meta cannot show (`unsupported`) does, unless
 * Meta names a type that does not, as it does for edits.
 */
export function opensServiceWindow(content: MessageContent): boolean {
  const type =
    content.type === "unsupported" && content.name ? contentTypeByMetaType(content.name) : undefined;
  return type ? type.opensServiceWindow(content) : contentTypeOf(content).opensServiceWindow(content);
}
