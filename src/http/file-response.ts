import type { Context } from "hono";
import { readConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import type { ReadableFile } from "../media/open-file.ts";
import { isShownInline, toHeaderType } from "../whatsapp/media-types.ts";
import { contentDisposition } from "./content-disposition.ts";
import type { HttpEnv } from "./http-env.ts";
import { matchesEtag, readRange } from "./range.ts";

/**
 * Answers with a file, or the requested range of it. Customers can send any file, and it is served from our origin: a browser
 * must not sniff its type, run scripts in it, or show inline what may hold markup. Throws `range_not_satisfiable`.
 */
export async function fileResponse(c: Context<HttpEnv>, file: ReadableFile): Promise<Response> {
  const { fileName, sizeBytes, etag, read } = file;
  const mimeType = toHeaderType(file.mimeType);
  const headers = new Headers({
    "content-type": mimeType,
    "content-disposition": contentDisposition(isShownInline(mimeType) ? "inline" : "attachment", fileName),
    "content-security-policy": "sandbox; default-src 'none'",
    // May be cached, but must be revalidated each time: access may have ended.
    "cache-control": "private, no-cache",
    // A page of another site may show a file only where one is allowed here: its address is signed for one reader.
    "cross-origin-resource-policy":
      readConfig(c.env).allowedOrigins.length > 0 ? "cross-origin" : "same-site",
    "accept-ranges": etag === null ? "none" : "bytes",
  });
  if (etag !== null) headers.set("etag", etag);
  if (matchesEtag(c.req.header("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  if (sizeBytes === null || etag === null) {
    if (sizeBytes !== null) headers.set("content-length", String(sizeBytes));
    return new Response(await read(null), { headers });
  }
  const ifRange = c.req.header("if-range");
  const range = readRange(
    ifRange === undefined || ifRange === etag ? c.req.header("range") : undefined,
    sizeBytes,
  );
  switch (range.kind) {
    case "all":
      headers.set("content-length", String(sizeBytes));
      return new Response(await read(null), { headers });
    case "outside":
      c.header("content-range", `bytes */${sizeBytes}`);
      throw new AppError(
        "range_not_satisfiable",
        `The requested range is outside the file, which has ${sizeBytes} bytes.`,
      );
    case "part": {
      const { first, last } = range;
      const length = last - first + 1;
      headers.set("content-range", `bytes ${first}-${last}/${sizeBytes}`);
      headers.set("content-length", String(length));
      return new Response(await read({ offset: first, length }), { status: 206, headers });
    }
  }
}
