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
    toText: () => null,
    toPlaceholder: ({ name }) => kindText(name),
    opensServiceWindow: always,
  },
} satisfies ContentTypes<UnsupportedContentType>;

/** Meta's names of kinds that say little to a person. */
const KIND_TEXTS = new Map([
  ["ephemeral", "disappearing message"],
  ["gif", "GIF"],
  ["group_invite", "invitation to a group"],
  ["hsm", "template"],
  ["poll_creation", "poll"],
  ["poll_update", "vote in a poll"],
  ["ptv", "video note"],
  ["view_once", "view-once message"],
  ["viewonce", "view-once message"],
]);

function kindText(name: string): string {
  return KIND_TEXTS.get(name.toLowerCase()) ?? plainName(name);
}
