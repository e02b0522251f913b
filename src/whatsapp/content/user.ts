import type { ContentOf, FieldsOf, MediaType, UserContentType } from "../../domain/message-content.ts";
import { isCallId } from "../call-id.ts";
import { idOf, numberOf, shortTextOf, textOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { cardText, parseContacts } from "./contact-cards.ts";
import { always, type ContentType, type ContentTypes, never, type ParseContext } from "./content-type.ts";
import { withIcon } from "./text-parts.ts";

const EMOJI_LENGTH = 64;

export const userContentTypes = {
  text: {
    parsers: { text: ({ body }) => ({ type: "text", text: textOf(body) }) },
    toText: ({ text }) => text,
    opensServiceWindow: always,
  },
  image: media("image"),
  video: media("video"),
  audio: {
    ...media("audio"),
    parsers: {
      audio: (content, { item }) => parseMedia("audio", content, item),
      // From before the Cloud API, and still seen.
      voice: (content, { item }) => parseMedia("audio", { ...content, voice: true }, item),
    },
    toPlaceholder: ({ voice, voicemail }) => (voicemail ? "voicemail" : voice ? "voice message" : "audio"),
  },
  document: {
    ...media("document"),
    toText: ({ caption, fileName }) => caption ?? withIcon("📄", fileName),
  },
  sticker: media("sticker"),
  location: {
    parsers: { location: parseLocation },
    toText: (content) =>
      withIcon("📍", content.name ?? content.address ?? coordinatesOf(content) ?? content.url),
    opensServiceWindow: always,
  },
  contacts: {
    parsers: { contacts: (_, { raw }) => parseContacts(raw) },
    toText: ({ contacts, count }) => {
      const more = count > contacts.length ? `and ${count - contacts.length} more` : "";
      return withIcon("👤", [...contacts.map(cardText), more].filter(Boolean).join("; "));
    },
    opensServiceWindow: always,
  },
  reaction: {
    parsers: { reaction: parseReaction },
    toText: ({ emoji }) => emoji,
    toPlaceholder: () => "reaction removed",
    // Meta's pages do not say whether a reaction opens the window: that it does not is the safe side.
    opensServiceWindow: never,
  },
  edit: {
    parsers: { edit: parseEdit },
    toText: ({ message }, toBody) => message && toBody(message),
    opensServiceWindow: never,
  },
  revoke: {
    parsers: { revoke: ({ original_message_id: id }) => ({ type: "revoke", wamid: idOf(id) }) },
    toText: () => null,
    toPlaceholder: () => "deleted",
    opensServiceWindow: never,
  },
} satisfies ContentTypes<UserContentType>;

function media(type: MediaType): ContentType<ContentOf<MediaType>> {
  return {
    parsers: { [type]: (content, { item }) => parseMedia(type, content, item) },
    toText: ({ caption }) => caption,
    opensServiceWindow: always,
  };
}

function parseMedia(type: MediaType, content: JsonObject, item: JsonObject): FieldsOf<MediaType> {
  return {
    type,
    mediaId: idOf(content.id),
    mimeType: shortTextOf(content.mime_type),
    sha256: shortTextOf(content.sha256),
    fileName: shortTextOf(content.filename),
    caption: textOf(content.caption),
    voice: content.voice === true,
    voicemail: type === "audio" && isCallId(idOf(item.id)),
    animated: content.animated === true,
  };
}

function parseLocation({ latitude, longitude, name, address, url }: JsonObject): FieldsOf<"location"> {
  return {
    type: "location",
    latitude: degreesOf(latitude, 90),
    longitude: degreesOf(longitude, 180),
    name: shortTextOf(name),
    address: shortTextOf(address),
    url: shortTextOf(url),
  };
}

function degreesOf(value: unknown, max: number): number | null {
  const degrees = numberOf(value);
  return degrees !== null && Math.abs(degrees) <= max ? degrees : null;
}

function coordinatesOf({ latitude, longitude }: ContentOf<"location">): string | null {
  return latitude === null || longitude === null ? null : `${latitude}, ${longitude}`;
}

/** One example of Meta's spells the id with three s: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples */
function parseReaction({ message_id, messsage_id, emoji }: JsonObject): FieldsOf<"reaction"> {
  return {
    type: "reaction",
    wamid: idOf(message_id) ?? idOf(messsage_id),
    emoji: typeof emoji === "string" ? textOf(emoji.trim(), EMOJI_LENGTH) : null,
  };
}

function parseEdit(
  { original_message_id, message }: JsonObject,
  { parseNested }: ParseContext,
): FieldsOf<"edit"> {
  return {
    type: "edit",
    wamid: idOf(original_message_id),
    message: parseNested && isObject(message) ? parseNested(message) : null,
  };
}
