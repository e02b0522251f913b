import type { UnsupportedContentType } from "../../domain/message-content.ts";
import { shortTextOf } from "../json-fields.ts";
import { always, type ContentTypes, never } from "./content-type.ts";
import { plainName } from "./text-parts.ts";

export const unsupportedContentTypes = {
  unsupported: {
    parsers: { unsupported: ({ type }) => ({ type: "unsupported", name: shortTextOf(type) }) },
    toText: () => null,
    toPlaceholder: ({ name }) => (name ? `unsupported: ${kindText(name)}` : "unsupported"),
    // The customer wrote it all the same; opens-service-window.ts has the exceptions.
    opensServiceWindow: always,
  },
  unknown: {
    parsers: { unknown: () => ({ type: "unknown" }) },
    toText: () => null,
    opensServiceWindow: always,
  },
  // Only in synced history, as `media_placeholder`.
  errors: {
    parsers: { errors: () => ({ type: "errors" }) },
    toText: () => null,
    opensServiceWindow: never,
  },
  mediaPlaceholder: {
    parsers: { media_placeholder: () => ({ type: "mediaPlaceholder" }) },
    toText: () => null,
    toPlaceholder: () => "file not available",
    opensServiceWindow: never,
  },
  // What no parser claims.
  other: {
    parsers: {},
    toText: ({ name, text }) => (text ? `[${kindText(name)}] ${text}` : null),
    toPlaceholder: ({ name }) => kindText(name),
    opensServiceWindow: always,
  },
} satisfies ContentTypes<UnsupportedContentType>;

/** WhatsApp's names of kinds that say little to a person, as `keyOf` writes them. */
const KIND_TEXTS = new Map([
  ["edit", "edit of a message"],
  ["ephemeral", "disappearing message"],
  ["eventresponse", "answer to an event"],
  ["gif", "GIF"],
  ["groupinvite", "invitation to a group"],
  ["hsm", "template"],
  ["keepinchat", "kept message"],
  ["newsletteradmininvite", "invitation to a channel"],
  ["pin", "pinned message"],
  ["pininchat", "pinned message"],
  ["pollcreation", "poll"],
  ["pollupdate", "vote in a poll"],
  ["pollvote", "vote in a poll"],
  ["ptv", "video note"],
  ["revoke", "deletion of a message"],
  ["viewonce", "view-once message"],
]);

/** The name in words: `view_once`, `VIEW_ONCE`, `view-once` and `viewOnceMessageV2` are one kind. */
function kindText(name: string): string {
  const known = KIND_TEXTS.get(keyOf(name));
  return known ?? plainName(name === name.toUpperCase() ? name.toLowerCase() : name);
}

/** Its letters in lower case, without an ending that all kinds may have. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]/g, "")
    .replace(/message(?:v\d+)?$/, "");
}
