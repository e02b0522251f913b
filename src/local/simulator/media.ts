import { createHash, randomInt } from "node:crypto";
import { type Fields, isFields } from "./fields.ts";
import { smallFile } from "./small-files.ts";
import type { World } from "./world.ts";

export type Media = { id: string; mimeType: string; base64: string; createdAt: string };

/** Types whose object names a file. */
export const mediaTypes = ["image", "video", "document", "audio", "sticker"];

const mimeTypes: Record<string, string> = {
  image: "image/png",
  sticker: "image/webp",
  audio: "audio/ogg; codecs=opus",
  video: "video/mp4",
  document: "application/pdf",
};

export function findMedia(world: World, id: string): Media | null {
  return world.journal.get("media", id);
}

export function saveMedia(world: World, mimeType: string, bytes: Uint8Array): Media {
  const id = String(randomInt(1e14, 2e14));
  const createdAt = world.now().toISOString();
  const media = { id, mimeType, base64: Buffer.from(bytes).toString("base64"), createdAt };
  world.journal.put("media", id, media);
  return media;
}

/**
 * Completes a media message of the customer: without an `id` a small file of the type is made, and `id`,
 * `mime_type` and `sha256` (base64, as in webhooks) are filled in. Anything else comes back as it is.
 */
export function withMedia(world: World, content: Fields): Fields {
  const type = String(content.type);
  const object = content[type];
  if (!mediaTypes.includes(type) || !isFields(object) || object.id !== undefined) return content;
  const mimeType = typeof object.mime_type === "string" ? object.mime_type : (mimeTypes[type] ?? "image/png");
  const media = saveMedia(world, mimeType, smallFile(type));
  const sha256 = createHash("sha256").update(bytesOf(media)).digest("base64");
  const voice = type === "audio" && object.voice === undefined ? { voice: true } : {};
  return { ...content, [type]: { ...voice, ...object, mime_type: mimeType, sha256, id: media.id } };
}

export function bytesOf(media: Media): Buffer<ArrayBuffer> {
  return Buffer.from(media.base64, "base64");
}
