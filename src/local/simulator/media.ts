import { createHash, randomInt } from "node:crypto";
import { BadInput, type Fields, isFields } from "./fields.ts";
import { smallFile } from "./small-files.ts";
import type { World } from "./world.ts";

export type Media = {
  id: string;
  mimeType: string;
  /** The content; empty when `madeUpBytes` is set. */
  base64: string;
  /** The length of a file whose content is generated on every read; null for stored content. */
  madeUpBytes: number | null;
  /** In hex. */
  sha256: string;
  createdAt: string;
  /** When the id expires. */
  until: string;
};

/** The message types whose object refers to a file. */
export const mediaTypes = ["image", "video", "document", "audio", "sticker"];

const mimeTypes: Record<string, string> = {
  image: "image/png",
  sticker: "image/webp",
  audio: "audio/ogg; codecs=opus",
  video: "video/mp4",
  document: "application/pdf",
};

const DAY_MS = 24 * 60 * 60_000;
/** How long an id is valid, for files that customers sent and for uploads of the business. */
const LIFETIME_MS = { customer: 7 * DAY_MS, business: 30 * DAY_MS };
const MAX_BYTES = 400 * 1024 * 1024;

export function findMedia(world: World, id: string): Media | null {
  const media = world.journal.get("media", id);
  return media && new Date(media.until) > world.now() ? media : null;
}

export function saveMedia(
  world: World,
  mimeType: string,
  content: Uint8Array | { madeUpBytes: number },
  from: keyof typeof LIFETIME_MS = "business",
): Media {
  const id = String(randomInt(1e14, 2e14));
  const createdAt = world.now().toISOString();
  const until = new Date(world.now().getTime() + LIFETIME_MS[from]).toISOString();
  const isMadeUp = !(content instanceof Uint8Array);
  const base64 = isMadeUp ? "" : Buffer.from(content).toString("base64");
  const media = {
    id,
    mimeType,
    base64,
    madeUpBytes: isMadeUp ? content.madeUpBytes : null,
    createdAt,
    until,
  };
  const hash = createHash("sha256");
  for (const part of partsOf(media)) hash.update(part);
  const saved = { ...media, sha256: hash.digest("hex") };
  world.journal.put("media", id, saved);
  return saved;
}

/**
 * Completes a customer's media message that has no `id`: creates a file and sets `id`, `mime_type` and `sha256` (in base64, as
 * in webhooks). The content is `base64`, or `bytes` arbitrary bytes, or else a small valid file of the type. Returns other
 * messages unchanged. Throws `BadInput`.
 */
export function withMedia(world: World, content: Fields): Fields {
  const type = String(content.type);
  const object = content[type];
  if (!mediaTypes.includes(type) || !isFields(object) || object.id !== undefined) return content;
  const { base64, bytes, ...fields } = object;
  const mimeType = typeof fields.mime_type === "string" ? fields.mime_type : (mimeTypes[type] ?? "image/png");
  const media = saveMedia(world, mimeType, contentOf(type, base64, bytes), "customer");
  const sha256 = Buffer.from(media.sha256, "hex").toString("base64");
  const voice = type === "audio" && fields.voice === undefined ? { voice: true } : {};
  return { ...content, [type]: { ...voice, ...fields, mime_type: mimeType, sha256, id: media.id } };
}

function contentOf(type: string, base64: unknown, bytes: unknown): Uint8Array | { madeUpBytes: number } {
  if (bytes !== undefined) {
    if (!Number.isInteger(bytes) || Number(bytes) < 1 || Number(bytes) > MAX_BYTES)
      throw new BadInput(`${type}.bytes`, `must be an integer from 1 to ${MAX_BYTES}`);
    return { madeUpBytes: Number(bytes) };
  }
  if (base64 === undefined) return smallFile(type);
  if (typeof base64 !== "string" || base64 === "") throw new BadInput(`${type}.base64`, "must be base64");
  return Buffer.from(base64, "base64");
}

export function sizeOf({ base64, madeUpBytes }: Pick<Media, "base64" | "madeUpBytes">): number {
  return madeUpBytes ?? Buffer.byteLength(base64, "base64");
}

/** Yields the file in chunks, so that a large one is never in memory as a whole. */
export function* partsOf(media: Pick<Media, "base64" | "madeUpBytes">): Generator<Buffer<ArrayBuffer>> {
  if (media.madeUpBytes === null) {
    yield Buffer.from(media.base64, "base64");
    return;
  }
  const part = Buffer.from(Uint8Array.from({ length: 64 * 1024 }, (_, i) => (i * 31) % 251));
  for (let left = media.madeUpBytes; left > 0; left -= part.length)
    yield part.subarray(0, Math.min(left, part.length));
}
