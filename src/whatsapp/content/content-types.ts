import type { MessageContent } from "../../domain/message-content.ts";
import type { ContentType, ContentTypes } from "./content-type.ts";
import { outboundContentTypes } from "./outbound.ts";
import { replyContentTypes } from "./replies.ts";
import { systemContentTypes } from "./system.ts";
import { unsupportedContentTypes } from "./unsupported.ts";
import { userContentTypes } from "./user.ts";

/**
 * Every type of content: how it is parsed and shown. A type of domain/message-content.ts that is missing does not compile.
 * @internal
 */
export const contentTypes = {
  ...userContentTypes,
  ...replyContentTypes,
  ...systemContentTypes,
  ...outboundContentTypes,
  ...unsupportedContentTypes,
} satisfies ContentTypes<MessageContent["type"]>;

const byMetaType = new Map<string, ContentType<MessageContent>>(
  Object.values(contentTypes).flatMap((type: ContentType<MessageContent>) =>
    Object.keys(type.parsers).map((metaType) => [metaType, type] as const),
  ),
);

export function contentTypeOf(content: MessageContent): ContentType<MessageContent> {
  return contentTypes[content.type];
}

/** The type that Meta calls so; undefined for one that we do not know. */
export function contentTypeByMetaType(metaType: string): ContentType<MessageContent> | undefined {
  return byMetaType.get(metaType);
}

/** Meta's names of all types that are parsed. */
export const metaTypes: readonly string[] = [...byMetaType.keys()];
