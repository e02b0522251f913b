import type { MediaUpload } from "./graph-media.ts";
import { toFittingName } from "./media-types.ts";

/** A body that is streamed, and what it is. */
export type StreamedForm = { contentType: string; body: ReadableStream<Uint8Array> };

/**
 * A file of at most `sizeBytes` as the form that Meta takes (RFC 7578), of a length that is known beforehand, because Meta requires it, and never
 * held in memory as a whole. Where the file is shorter, line breaks follow the form (RFC 2046 §5.1.1 allows an epilogue).
 */
export function formOf({ body, sizeBytes, mimeType, fileName }: MediaUpload): StreamedForm {
  const boundary = `waba-edge-${crypto.randomUUID()}`;
  const field = (name: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
  const head = new TextEncoder().encode(
    `${field("messaging_product")}\r\n\r\nwhatsapp\r\n${field("type")}\r\n\r\n${mimeType}\r\n` +
      `${field("file")}; filename="${quoted(toFittingName(fileName, mimeType))}"\r\nContent-Type: ${mimeType}\r\n\r\n`,
  );
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`);
  const form = new FixedLengthStream(head.length + sizeBytes + tail.length);
  // The reader of the form gets the failure; nothing here awaits it.
  fill(form.writable, { head, body, tail, sizeBytes }).catch(() => undefined);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: form.readable };
}

type Parts = { head: Uint8Array; body: ReadableStream<Uint8Array>; tail: Uint8Array; sizeBytes: number };

async function fill(form: WritableStream, { head, body, tail, sizeBytes }: Parts): Promise<void> {
  const writer = form.getWriter();
  let left = sizeBytes;
  try {
    await writer.write(head);
    // Not `pipeTo`: from one of the platform's own streams to another it never begins.
    for await (const chunk of body) {
      left -= chunk.length;
      await writer.write(chunk);
    }
    await writer.write(tail);
    if (left > 0) await writer.write(new TextEncoder().encode("\r\n".repeat(left / 2)));
    await writer.close();
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function quoted(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
