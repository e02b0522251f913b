import { AppError, invalidField } from "../errors.ts";

/** `atMost` bytes, or up to `slack` fewer: a form that is streamed shows only at its end whether a line break follows it. */
export type AnnouncedSize = { atMost: number; slack: number };

export type Hashed = {
  /** Where the file is shorter than `atMost`, and `isPadded`, zeros follow it. */
  body: ReadableStream<Uint8Array>;
  /** Of the file's bytes; resolves when the body has been read to its end, and not at all when it ends badly. */
  sha256: Promise<Uint8Array<ArrayBuffer>>;
  /** What was wrong with the bytes themselves, if it was they. */
  broken: () => AppError | null;
  /** The file's own size, once `sha256` has resolved. */
  sizeBytes: () => number;
};

/** A stream that computes a file's hash while it is read. Fails as soon as the length is not as announced. */
export function hashing(
  source: ReadableStream<Uint8Array>,
  announced: AnnouncedSize,
  isPadded: boolean,
): Hashed {
  const digest = new crypto.DigestStream("SHA-256");
  const writer = digest.getWriter();
  const counted = isPadded ? new FixedLengthStream(announced.atMost) : new IdentityTransformStream();
  let broken: AppError | null = null;
  let sizeBytes = 0;
  const paddingOf = (bytes: number) => {
    sizeBytes = bytes;
    return new Uint8Array(isPadded ? announced.atMost - bytes : 0);
  };
  pump(source, counted.writable, announced, writer, paddingOf).catch((error: unknown) => {
    broken = error instanceof AppError ? error : notWhole();
  });
  const sha256 = digest.digest.then((bytes) => new Uint8Array(bytes));
  // Whoever reads the body learns of a failure.
  sha256.catch(() => undefined);
  return { body: counted.readable, sha256, broken: () => broken, sizeBytes: () => sizeBytes };
}

/** `paddingOf` gets the size, and gives what follows the file. */
async function pump(
  source: ReadableStream<Uint8Array>,
  target: WritableStream,
  { atMost, slack }: AnnouncedSize,
  digest: WritableStreamDefaultWriter,
  paddingOf: (sizeBytes: number) => Uint8Array,
): Promise<void> {
  const writer = target.getWriter();
  try {
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > atMost) throw notWhole();
      await digest.write(chunk);
      await writer.write(chunk);
    }
    if (length < atMost - slack) throw notWhole();
    const padding = paddingOf(length);
    if (padding.length > 0) await writer.write(padding);
    await digest.close();
    await writer.close();
  } catch (error) {
    await Promise.allSettled([writer.abort(error), digest.abort(error)]);
    throw error;
  }
}

function notWhole(): AppError {
  return invalidField("", "The body has not the length that Content-Length announces.");
}
