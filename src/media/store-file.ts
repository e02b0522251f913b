import { toHeaderType } from "../whatsapp/media-types.ts";
import type { Outcome } from "./settlement.ts";

/** R2's error code for a body whose hash differs from the given one. */
const BAD_DIGEST = /\(10037\)/;

export type Incoming = {
  body: ReadableStream<Uint8Array>;
  /** As the response announces it, and as Graph announced it before. */
  sizeBytes: number | null;
  expectedBytes: number | null;
  mimeType: string | null;
  sha256: Uint8Array | null;
  objectKey: string;
  limitBytes: number;
};

/**
 * Streams a file into the bucket, which takes it as a whole or not at all, and only with the hash that it should have: R2
 * computes that itself. Nothing is buffered here, whatever its size.
 */
export async function storeFile(bucket: R2Bucket, file: Incoming): Promise<Outcome> {
  const { body, expectedBytes, mimeType, sha256, objectKey, limitBytes } = file;
  const sizeBytes = file.sizeBytes ?? expectedBytes;
  if (sizeBytes === null || sizeBytes > limitBytes || (expectedBytes !== null && sizeBytes > expectedBytes)) {
    await body.cancel().catch(() => undefined);
    if (sizeBytes === null) return { kind: "trouble", problem: "meta_unreachable" };
    return { kind: "refused", problem: "too_large" };
  }
  // R2 takes streams of a known length only.
  const counted = new FixedLengthStream(sizeBytes);
  const stop = new AbortController();
  const piped = settled(body.pipeTo(counted.writable, { signal: stop.signal }));
  const put = bucket.put(objectKey, counted.readable, {
    ...(sha256 && { sha256 }),
    ...(mimeType && { httpMetadata: { contentType: toHeaderType(mimeType) } }),
  });
  const putError = await settled(put);
  // Whoever does not take it leaves the source open.
  if (putError) stop.abort();
  const pipeError = await piped;
  if (!putError && !pipeError) return { kind: "stored", objectKey, sizeBytes, mimeType };
  if (BAD_DIGEST.test(putError?.message ?? "")) return { kind: "mismatch" };
  if (/too many bytes|exceed/i.test(pipeError?.message ?? ""))
    return { kind: "refused", problem: "too_large" };
  const isOurs = !pipeError || stop.signal.reason === pipeError;
  return { kind: "trouble", problem: isOurs ? "storage_unreachable" : "cut_off" };
}

async function settled(promise: Promise<unknown>): Promise<Error | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error("the stream ended badly");
  }
}
