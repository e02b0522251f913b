import { AppError, invalidField } from "../errors.ts";

/** The one file of a form: what the part says about it, and its bytes as a stream. */
export type MultipartFile = {
  fileName: string | null;
  mimeType: string | null;
  /** At most so many bytes, and at least `slackBytes` fewer. */
  sizeBytes: number;
  slackBytes: number;
  body: ReadableStream<Uint8Array>;
};

/** A part's headers are short; a boundary has at most 70 characters (RFC 2046 §5.1.1). */
const MAX_HEAD_BYTES = 8 * 1024;
const LINE_BREAK = encode("\r\n");
const BLANK_LINE = encode("\r\n\r\n");

/**
 * Opens a `multipart/form-data` body (RFC 7578) whose only part is `file`, without holding the file: its size follows from the
 * Content-Length, since the body ends with the closing boundary. Most encoders write a line break behind it, some do not. Throws
 * `length_required` and `invalid_request`. `body` ends with `invalid_request` when something follows the file.
 */
export async function openMultipartFile(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  contentLength: number | null,
): Promise<MultipartFile> {
  if (contentLength === null) throw new AppError("length_required", "Send the form with its Content-Length.");
  const boundary = boundaryOf(contentType);
  const reader = body.getReader();
  const { head, headBytes, rest } = await readHead(reader);
  const [opening = "", ...lines] = head.split("\r\n");
  if (opening !== `--${boundary}`)
    throw invalidField("", "The body does not begin with the boundary that Content-Type names.");
  const { name, fileName, mimeType } = parsePart(lines);
  if (name !== "file")
    throw invalidField(
      name ? `/${name}` : "",
      "The form's only part is `file`; all else goes into the query.",
    );
  const closing = encode(`\r\n--${boundary}--`);
  const sizeBytes = contentLength - headBytes - closing.length;
  if (sizeBytes < 0) throw notClosed();
  const slackBytes = Math.min(sizeBytes, LINE_BREAK.length);
  return { fileName, mimeType, sizeBytes, slackBytes, body: contentOf(reader, rest, closing) };
}

/** Up to the blank line that ends the first part's headers; and what was read beyond it. */
async function readHead(reader: ReadableStreamDefaultReader<Uint8Array>) {
  let read: Uint8Array = new Uint8Array();
  for (;;) {
    const end = indexOf(read, BLANK_LINE);
    if (end >= 0) {
      const headBytes = end + BLANK_LINE.length;
      const head = new TextDecoder().decode(read.subarray(0, end));
      return { head, headBytes, rest: read.subarray(headBytes) };
    }
    const { done, value } = await reader.read();
    if (done || read.length > MAX_HEAD_BYTES) throw invalidField("", "The body is not a form with a file.");
    read = concat(read, value);
  }
}

/** What stands before the closing boundary. */
function contentOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: Uint8Array,
  closing: Uint8Array,
): ReadableStream<Uint8Array> {
  const delimiter = closing.subarray(0, -2);
  const endBytes = closing.length + LINE_BREAK.length;
  /** The last bytes: they may be the end of the form, or begin a delimiter. */
  let held = first;
  return new ReadableStream({
    async pull(controller) {
      for (;;) {
        const { done, value } = await reader.read();
        if (!done) held = concat(held, value);
        const end = indexOf(held, delimiter);
        const safe = end >= 0 ? end : Math.max(0, held.length - endBytes);
        if (safe > 0) controller.enqueue(held.slice(0, safe));
        held = held.subarray(safe);
        // A line break, at most, follows the closing boundary.
        if (end >= 0 && held.length > endBytes) throw notAlone();
        if (done) {
          if (!isEnd(held, closing)) throw notClosed();
          return controller.close();
        }
        if (safe > 0) return;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function isEnd(held: Uint8Array, closing: Uint8Array): boolean {
  const after = held.subarray(closing.length);
  return indexOf(held, closing) === 0 && (after.length === 0 || indexOf(after, LINE_BREAK) === 0);
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!boundary) throw invalidField("", "The Content-Type of a form names its boundary.");
  return boundary;
}

function parsePart(lines: string[]) {
  const headers = new Map(
    lines.map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name.trim().toLowerCase(), value.join(":").trim()];
    }),
  );
  const disposition = headers.get("content-disposition") ?? "";
  return {
    name: parameterOf(disposition, "name") ?? "",
    fileName: extendedName(disposition) || parameterOf(disposition, "filename") || null,
    mimeType: headers.get("content-type") ?? null,
  };
}

/** With quotation marks, as browsers write it, or without, as .NET does. */
function parameterOf(disposition: string, name: string): string | null {
  const [, quoted, token] = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s";]+))`, "i").exec(disposition) ?? [];
  return quoted !== undefined ? unescapeQuoted(quoted) : (token ?? null);
}

/** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function unescapeQuoted(name: string): string {
  return name.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%22", '"');
}

/**
 * `filename*`, which forms should not have (RFC 7578 §4.2): Python's `requests` sends a name that is not ASCII in no other way,
 * and .NET sends it beside a `filename` of question marks.
 */
function extendedName(disposition: string): string | null {
  const [, encoded] = /;\s*filename\*=utf-8'[^']*'([^\s;]+)/i.exec(disposition) ?? [];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

function notAlone(): AppError {
  return invalidField("", "Nothing may follow the part `file`.");
}

function notClosed(): AppError {
  return invalidField("", "The form does not end with its closing boundary.");
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function concat(one: Uint8Array, two: Uint8Array): Uint8Array {
  if (one.length === 0) return two;
  const both = new Uint8Array(one.length + two.length);
  both.set(one);
  both.set(two, one.length);
  return both;
}

/** Where `wanted` begins in `bytes`; -1 where it does not. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  const first = wanted[0] ?? 0;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, n) => bytes[at + n] === byte)) return at;
  return -1;
}
