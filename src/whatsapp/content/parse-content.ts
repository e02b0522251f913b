import type { ContentByType, MediaContent, MessageContent } from "../../domain/message-content.ts";
import { cleanText } from "../clean-text.ts";
import { idOf, numberOf, objectOf, ownOf, shortTextOf, textOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { parseCommonFields } from "./common-fields.ts";
import { parseContacts } from "./contact-cards.ts";
import { templateOf } from "./outbound.ts";
import { orderOf, replyOf } from "./replies.ts";
import { parseSystem } from "./system.ts";

const TYPE_LENGTH = 64;
const EMOJI_LENGTH = 64;

/**
 * Reads Meta's message object — one that came in, an echo, or one that we send — into our words. Total: odd or hostile
 * shapes never throw, a type of tomorrow is `other`; texts, lists and depth are bounded, and all of it is storable.
 */
export function parseContent(message: unknown): MessageContent {
  return contentWithin(message, 0);
}

/** Meta's `type`; where it is missing, the key that holds the content; `unknown` when there is none either. */
export function messageTypeOf(message: unknown): string {
  const object = objectOf(message);
  const type = ownOf(object, "type");
  if (typeof type === "string" && type.trim() !== "") return cleanText(type, TYPE_LENGTH);
  // Any message may have errors: they are what it holds only where it says so.
  return Object.keys(READERS).find((key) => key !== "errors" && Object.hasOwn(object, key)) ?? "unknown";
}

function contentWithin(message: unknown, depth: 0 | 1): MessageContent {
  const item = objectOf(message);
  const type = messageTypeOf(item);
  const raw = ownOf(item, type);
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  const bare = read?.(objectOf(raw), { raw, item, depth }) ?? { type: "other", name: type };
  return { ...bare, ...parseCommonFields(item) };
}

/** An edit holds a message, which could hold an edit, and so on: one level is Meta's, more is a bomb. */
function editOf({ original_message_id, message }: JsonObject, depth: 0 | 1): ContentByType {
  const said = depth === 0 && isObject(message) ? contentWithin(message, 1) : null;
  return { type: "edit", wamid: idOf(original_message_id), message: said };
}

type ReadContext = { raw: unknown; item: JsonObject; depth: 0 | 1 };
type Reader = (content: JsonObject, around: ReadContext) => ContentByType;

/** By Meta's type. `raw` is for `contacts`, whose content is a list; `item` for what stands beside the content. */
const READERS: Record<string, Reader> = {
  text: ({ body }) => ({ type: "text", text: textOf(body) }),
  image: (content) => mediaOf("image", content),
  video: (content) => mediaOf("video", content),
  audio: (content) => mediaOf("audio", content),
  // Of before the Cloud API, and still seen.
  voice: (content) => mediaOf("audio", { ...content, voice: true }),
  document: (content) => mediaOf("document", content),
  sticker: (content) => mediaOf("sticker", content),
  location: (content) => ({
    type: "location",
    latitude: degreesOf(content.latitude, 90),
    longitude: degreesOf(content.longitude, 180),
    name: shortTextOf(content.name),
    address: shortTextOf(content.address),
    url: shortTextOf(content.url),
  }),
  contacts: (_, { raw }) => parseContacts(raw),
  interactive: replyOf,
  button: ({ text, payload }) => ({
    type: "templateButton",
    text: shortTextOf(text),
    payload: shortTextOf(payload),
  }),
  template: templateOf,
  reaction: ({ message_id, messsage_id, emoji }) => ({
    type: "reaction",
    // Meta's own example spells it so: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
    wamid: idOf(message_id) ?? idOf(messsage_id),
    emoji: typeof emoji === "string" ? textOf(emoji.trim(), EMOJI_LENGTH) : null,
  }),
  order: orderOf,
  system: (content, { item }) => parseSystem(item, content),
  edit: (content, { depth }) => editOf(content, depth),
  revoke: ({ original_message_id }) => ({ type: "revoke", wamid: idOf(original_message_id) }),
  request_welcome: () => ({ type: "requestWelcome" }),
  unsupported: ({ type }) => ({ type: "unsupported", name: shortTextOf(type) }),
  unknown: () => ({ type: "unknown" }),
  errors: () => ({ type: "errors" }),
  media_placeholder: () => ({ type: "mediaPlaceholder" }),
};

function mediaOf(type: MediaContent["type"], content: JsonObject): MediaContent {
  return {
    type,
    mediaId: idOf(content.id),
    mimeType: shortTextOf(content.mime_type),
    sha256: shortTextOf(content.sha256),
    fileName: shortTextOf(content.filename),
    caption: textOf(content.caption),
    voice: content.voice === true,
    animated: content.animated === true,
  };
}

function degreesOf(value: unknown, most: number): number | null {
  const degrees = numberOf(value);
  return degrees !== null && Math.abs(degrees) <= most ? degrees : null;
}
