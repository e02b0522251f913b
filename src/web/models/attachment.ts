export type AttachmentType = "image" | "video" | "audio" | "document";

/** Meta's limits, https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types */
const LIMITS_BYTES: Record<AttachmentType, number> = {
  image: 5_000_000,
  video: 16_000_000,
  audio: 16_000_000,
  document: 100_000_000,
};
const TYPES: Record<string, AttachmentType> = {
  "image/jpeg": "image",
  "image/png": "image",
  "video/mp4": "video",
  "video/3gpp": "video",
  "audio/aac": "audio",
  "audio/amr": "audio",
  "audio/mpeg": "audio",
  "audio/mp4": "audio",
  "audio/ogg": "audio",
};

/** As what a file is sent: anything that WhatsApp does not show itself goes as a document. */
export function attachmentTypeOf(mimeType: string): AttachmentType {
  return TYPES[mimeType] ?? "document";
}

/** The limit that a file exceeds, in bytes; null when it fits. */
export function exceededLimit(file: { type: string; size: number }): number | null {
  const limit = LIMITS_BYTES[attachmentTypeOf(file.type)];
  return file.size > limit ? limit : null;
}
