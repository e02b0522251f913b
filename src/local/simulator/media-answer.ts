import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "./faults.ts";
import { type Media, partsOf, sizeOf } from "./media.ts";

export const FILE_PATH = "/whatsapp_business/attachments/";

/** The bytes of a file, streamed, or what a fault makes of them. */
export function fileAnswer(media: Media, spoilt: Fault<"media"> | null): Response {
  switch (spoilt?.as) {
    case "status":
      return new Response("<html>Sorry</html>", { status: spoilt.status ?? 503 });
    case "redirect":
      return new Response(null, { status: 302, headers: { location: spoilt.to ?? "/" } });
    default: {
      const sizeBytes = sizeOf(media);
      const headers = { "content-type": media.mimeType, "content-length": String(sizeBytes) };
      const bytes = Readable.from(bytesOf(media, sizeBytes, spoilt), { objectMode: false });
      return new Response(Readable.toWeb(bytes) as ReadableStream, { headers });
    }
  }
}

async function* bytesOf(
  media: Media,
  sizeBytes: number,
  spoilt: Fault<"media"> | null,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for (const part of halves(partsOf(media), sizeBytes)) {
    const isHalf = sent > 0 && sent === Math.floor(sizeBytes / 2);
    if (isHalf && spoilt?.as === "slow") await wait(spoilt.ms ?? 1_000, undefined, { ref: false });
    if (isHalf && spoilt?.as === "cut") throw new Error("cut off, as told");
    yield spoilt?.as === "otherBytes" ? part.map((byte) => byte ^ 1) : part;
    sent += part.length;
  }
}

/** The same pieces, with one that ends in the middle. */
function* halves(
  parts: Iterable<Buffer<ArrayBuffer>>,
  sizeBytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const middle = Math.floor(sizeBytes / 2);
  let sent = 0;
  for (const part of parts) {
    const before = middle - sent;
    sent += part.length;
    if (before <= 0 || before >= part.length) yield part;
    else yield* [part.subarray(0, before), part.subarray(before)];
  }
}
