import { AppError } from "../errors.ts";

export type Hashed = {
  body: ReadableStream<Uint8Array>;
  /** Of all bytes; resolves when the body has been read to its end, and not at all when it ends badly. */
  sha256: Promise<Uint8Array<ArrayBuffer>>;
  /** What was wrong with the bytes themselves, if it was they. */
  broken: () => AppError | null;
};

/** A stream of an announced length that computes its hash while it is read. Fails as soon as the length differs. */
export function hashing(source: ReadableStream<Uint8Array>, sizeBytes: number): Hashed {
  const digest = new crypto.DigestStream("SHA-256");
  const writer = digest.getWriter();
  const counted = new FixedLengthStream(sizeBytes);
  let broken: AppError | null = null;
  pump(source, counted.writable, sizeBytes, writer).catch((error: unknown) => {
    broken = error instanceof AppError ? error : notWhole();
  });
  const sha256 = digest.digest.then((bytes) => new Uint8Array(bytes));
  // Whoever reads the body learns of a failure.
  sha256.catch(() => undefined);
  return { body: counted.readable, sha256, broken: () => broken };
}

async function pump(
  source: ReadableStream<Uint8Array>,
  target: WritableStream,
  sizeBytes: number,
  digest: WritableStreamDefaultWriter,
): Promise<void> {
  const writer = target.getWriter();
  try {
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > sizeBytes) throw notWhole();
      await digest.write(chunk);
      await writer.write(chunk);
    }
    if (length < sizeBytes) throw notWhole();
    await digest.close();
    await writer.close();
  } catch (error) {
    await Promise.allSettled([writer.abort(error), digest.abort(error)]);
    throw error;
  }
}

function notWhole(): AppError {
  const detail = "The body has not the length that Content-Length announces.";
  return new AppError("invalid_request", detail, { errors: [{ pointer: "", code: "invalid", detail }] });
}
