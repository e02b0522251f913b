import { AppError } from "../errors.ts";

/**
 * Reads a body up to a limit. Throws `too_large`, without reading when Content-Length already exceeds it. HTTP ends a body at
 * its Content-Length (RFC 9112 §6.2), so a body that declares a small enough length is read in one piece.
 */
export async function readBoundedBody(
  request: Request,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = request.headers.get("content-length");
  if (length === null) return await readChunks(request, limitBytes);
  if (Number(length) > limitBytes) throw tooLarge(limitBytes);
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.length > limitBytes) throw tooLarge(limitBytes);
  return body;
}

/** The same for any body, chunk by chunk. `onBytes` is called with the size of each, and ends the reading when it throws. */
export async function readChunks(
  request: Request,
  limitBytes: number,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get("content-length"));
  if (declared > limitBytes) throw tooLarge(limitBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limitBytes) throw tooLarge(limitBytes);
    onBytes(chunk.length);
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function tooLarge(limitBytes: number): AppError {
  return new AppError("too_large", `The request body must not exceed ${limitBytes} bytes.`);
}
