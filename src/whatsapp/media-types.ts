import { MEDIA_BYTES } from "./limits.ts";

export type MediaKind = keyof typeof MEDIA_BYTES;

const kinds: Record<string, MediaKind> = {
  "image/jpeg": "image",
  "image/png": "image",
  "image/webp": "sticker",
  "audio/aac": "audio",
  "audio/amr": "audio",
  "audio/mpeg": "audio",
  "audio/mp4": "audio",
  "audio/ogg": "audio",
  "video/mp4": "video",
  "video/3gpp": "video",
  "text/plain": "document",
  "application/pdf": "document",
  "application/msword": "document",
  "application/vnd.ms-excel": "document",
  "application/vnd.ms-powerpoint": "document",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "document",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "document",
};

export const uploadTypes = Object.keys(kinds);

/** What a file that we send is to Meta, and how many bytes it may have; null for a type that Meta does not take. */
export function mediaTypeOf(mimeType: string): { kind: MediaKind; limitBytes: number } | null {
  const kind = kinds[bareType(mimeType)];
  return kind ? { kind, limitBytes: MEDIA_BYTES[kind] } : null;
}

/** Whether a message of this type may bring such a file: a document may be anything. */
export function fits(messageType: string, mimeType: string): boolean {
  return messageType === "document" || mediaTypeOf(mimeType)?.kind === messageType;
}

/** Whether a browser may show it in a page: it holds no markup and no script. Anything else is for saving. */
export function isShownInline(mimeType: string): boolean {
  return ["image", "sticker", "audio", "video"].includes(kinds[bareType(mimeType)] ?? "");
}

/** Without parameters such as `codecs`. */
function bareType(mimeType: string): string {
  return mimeType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
