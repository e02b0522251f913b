import { MEDIA_BYTES } from "./limits.ts";

export type MediaKind = keyof typeof MEDIA_BYTES;

/** What each type is to Meta, and the extensions of its names, of which the first is the usual one. */
const types: Record<string, { kind: MediaKind; extensions: [string, ...string[]] }> = {
  "image/jpeg": { kind: "image", extensions: ["jpg", "jpeg", "jpe", "jfif"] },
  "image/png": { kind: "image", extensions: ["png"] },
  "image/webp": { kind: "sticker", extensions: ["webp"] },
  "audio/aac": { kind: "audio", extensions: ["aac"] },
  "audio/amr": { kind: "audio", extensions: ["amr"] },
  "audio/mpeg": { kind: "audio", extensions: ["mp3", "mpga"] },
  "audio/mp4": { kind: "audio", extensions: ["m4a", "mp4", "m4b"] },
  "audio/ogg": { kind: "audio", extensions: ["ogg", "oga", "opus"] },
  "video/mp4": { kind: "video", extensions: ["mp4", "m4v"] },
  "video/3gpp": { kind: "video", extensions: ["3gp", "3gpp"] },
  "text/plain": { kind: "document", extensions: ["txt", "text", "log", "csv", "md"] },
  "application/pdf": { kind: "document", extensions: ["pdf"] },
  "application/msword": { kind: "document", extensions: ["doc", "dot"] },
  "application/vnd.ms-excel": { kind: "document", extensions: ["xls", "xlt"] },
  "application/vnd.ms-powerpoint": { kind: "document", extensions: ["ppt", "pps"] },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
    kind: "document",
    extensions: ["docx"],
  },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
    kind: "document",
    extensions: ["xlsx"],
  },
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": {
    kind: "document",
    extensions: ["pptx"],
  },
};

/** Other names of the same types, which browsers and phones give and Meta does not take. */
const ALIASES: Record<string, string> = {
  "audio/x-m4a": "audio/mp4",
  "audio/m4a": "audio/mp4",
  "audio/x-aac": "audio/aac",
  "audio/mp3": "audio/mpeg",
  "audio/x-mp3": "audio/mpeg",
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
};

export const uploadTypes = [...Object.keys(types), ...Object.keys(ALIASES)];

/** The type by the name that Meta takes; any other as it is. */
export function toMetaType(mimeType: string): string {
  const bare = bareType(mimeType);
  return (Object.hasOwn(ALIASES, bare) && ALIASES[bare]) || mimeType;
}

/** A name that ends as its type demands: by the end of the name people's programs choose how to open a file. */
export function toFittingName(fileName: string | null, mimeType: string): string {
  const name = fileName?.trim() || "file";
  const extensions = typeOf(mimeType)?.extensions;
  const end = name.match(/\.([^./\\]+)$/)?.[1]?.toLowerCase() ?? "";
  return !extensions || extensions.includes(end) ? name : `${name}.${extensions[0]}`;
}

/** What a file that we send is to Meta, and how many bytes it may have; null for a type that Meta does not take. */
export function mediaTypeOf(mimeType: string): { kind: MediaKind; limitBytes: number } | null {
  const kind = typeOf(mimeType)?.kind;
  return kind ? { kind, limitBytes: MEDIA_BYTES[kind] } : null;
}

/** Whether a message of this type may bring such a file: a document may be anything. */
export function fits(messageType: string, mimeType: string): boolean {
  return messageType === "document" || mediaTypeOf(mimeType)?.kind === messageType;
}

const HEADER_VALUE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(?:;[\x20-\x7e]*)?$/;

/** The type as a header can carry it: the sender writes it, and it may hold anything. */
export function toHeaderType(mimeType: string | null): string {
  const type = mimeType?.trim() ?? "";
  return HEADER_VALUE.test(type) ? type : "application/octet-stream";
}

/** Whether a browser may show it in a page: it holds no markup and no script. Anything else is for saving. */
export function isShownInline(mimeType: string): boolean {
  return ["image", "sticker", "audio", "video"].includes(typeOf(mimeType)?.kind ?? "");
}

function typeOf(mimeType: string) {
  const type = bareType(toMetaType(mimeType));
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

/** Without parameters such as `codecs`. */
function bareType(mimeType: string): string {
  return mimeType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
