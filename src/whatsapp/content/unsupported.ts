import type { MetaError } from "../../domain/common-fields.ts";
import type { UnsupportedContentType } from "../../domain/message-content.ts";
import { shortTextOf } from "../json-fields.ts";
import { always, type ContentTypes, never } from "./content-type.ts";

export const unsupportedContentTypes = {
  unsupported: {
    parsers: { unsupported: ({ type }) => ({ type: "unsupported", name: shortTextOf(type) }) },
    toText: () => null,
    toPlaceholder: ({ name, errors }) => withReason("unsupported", name ?? reasonOf(errors)),
    // The customer wrote it all the same; opens-service-window.ts has the exceptions.
    opensServiceWindow: always,
  },
  unknown: {
    parsers: { unknown: () => ({ type: "unknown" }) },
    toText: () => null,
    toPlaceholder: ({ errors }) => withReason("unknown", reasonOf(errors)),
    opensServiceWindow: always,
  },
  // Only in synced history, as `media_placeholder`.
  errors: {
    parsers: { errors: () => ({ type: "errors" }) },
    toText: () => null,
    toPlaceholder: ({ errors }) => withReason("errors", reasonOf(errors)),
    opensServiceWindow: never,
  },
  mediaPlaceholder: {
    parsers: { media_placeholder: () => ({ type: "mediaPlaceholder" }) },
    toText: () => null,
    toPlaceholder: () => "file not available",
    opensServiceWindow: never,
  },
  // What no parser claims.
  other: { parsers: {}, toText: () => null, toPlaceholder: ({ name }) => name, opensServiceWindow: always },
} satisfies ContentTypes<UnsupportedContentType>;

/** Meta's code for "this type is not supported", which says no more than `unsupported` does. */
const TYPE_NOT_SUPPORTED = 131051;

function withReason(type: string, reason: string | null): string {
  return reason ? `${type}: ${reason}` : type;
}

function reasonOf([error]: MetaError[]): string | null {
  if (!error || error.code === TYPE_NOT_SUPPORTED) return null;
  return error.detail ?? error.title;
}
