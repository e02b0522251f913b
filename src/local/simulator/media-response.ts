import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "./faults.ts";
import { type Media, partsOf, sizeOf } from "./media.ts";

export const FILE_PATH = "/whatsapp_business/attachments";

/** Streams the bytes of a file, with the fault applied. */
export function fileResponse(media: Media, fault: Fault<"media"> | null): Response {
  switch (fault?.as) {
    case "status":
      return new Response("<html>Sorry</html>", { status: fault.status ?? 503 });
    case "redirect":
      return new Response(null, { status: 302, headers: { location: fault.to ?? "/" } });
    default: {
      const sizeBytes = sizeOf(media);
      const headers = { "content-type": media.mimeType, "content-length": String(sizeBytes) };
      const bytes = Readable.from(bytesOf(media, sizeBytes, fault), { objectMode: false });
      return new Response(Readable.toWeb(bytes) as ReadableStream, { headers });
    }
  }
}

async function* bytesOf(
  media: Media,
  sizeBytes: number,
  fault: Fault<"media"> | null,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for (const part of splitAtMiddle(partsOf(media), sizeBytes)) {
    const isHalf = sent > 0 && sent === Math.floor(sizeBytes / 2);
    if (isHalf && fault?.as === "slow") await wait(fault.ms ?? 1_000, undefined, { ref: false });
    if (isHalf && fault?.as === "cut") throw new Error("closed by the fault");
    yield fault?.as === "otherBytes" ? part.map((byte) => byte ^ 1) : part;
    sent += part.length;
  }
}

/** The same chunks, split so that one ends at the middle of the file. */
function* splitAtMiddle(
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
