import { callGraph, type GraphOptions } from "./graph-call.ts";
import { GraphError } from "./graph-error.ts";
import { idOf } from "./json-fields.ts";
import { formOf } from "./multipart.ts";

const LOOKASIDE = "https://lookaside.fbsbx.com";
/** Meta keeps an upload for 30 days: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media */
export const UPLOAD_LIFE_MS = 30 * 24 * 60 * 60_000;

const UPLOAD_LIMIT_MS = 4 * 60_000;

/** Meta's metadata of a file; `url` expires after five minutes. */
export type MediaFacts = {
  url: string;
  mimeType: string | null;
  sha256: string | null;
  sizeBytes: number | null;
};

/** The bytes at an address, or why there are none. `elsewhere`: it is not Meta's, or leads to a place that is not. */
export type OpenedMedia =
  | {
      kind: "open";
      body: ReadableStream<Uint8Array>;
      sizeBytes: number | null;
      mimeType: string | null;
    }
  | { kind: "gone" | "forbidden" | "elsewhere" | "trouble" };

export type MediaUpload = {
  body: ReadableStream<Uint8Array>;
  sizeBytes: number;
  mimeType: string;
  fileName: string | null;
};

export type GraphMedia = {
  mediaFacts(mediaId: string, phoneNumberId: string): Promise<MediaFacts>;
  /** Throws what the connection throws. `limitMs` holds for the bytes, too. */
  openMedia(url: string, limitMs: number): Promise<OpenedMedia>;
  /** Streams a file to Meta; gives Meta's id, which holds for 30 days. */
  uploadMedia(phoneNumberId: string, file: MediaUpload, limitMs?: number): Promise<string>;
};

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media */
export function graphMedia(options: GraphOptions): GraphMedia {
  return {
    async mediaFacts(mediaId, phoneNumberId) {
      const query = { phone_number_id: phoneNumberId };
      const { url, mime_type, sha256, file_size } = await callGraph(options, {
        method: "GET",
        id: mediaId,
        object: "file",
        query,
      });
      if (typeof url !== "string")
        throw new GraphError("Meta's answer has no address.", { outcome: "unknown", httpStatus: 200 });
      const size = typeof file_size === "string" ? Number(file_size) : file_size;
      return {
        url,
        mimeType: mimeTypeOf(mime_type),
        sha256: typeof sha256 === "string" ? sha256 : null,
        sizeBytes: typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? size : null,
      };
    },
    async openMedia(url, limitMs) {
      return await openAt(options, URL.parse(url), AbortSignal.timeout(limitMs), 1);
    },
    async uploadMedia(phoneNumberId, file, limitMs = UPLOAD_LIMIT_MS) {
      const form = formOf(file);
      const limits = { ...options, timeoutMs: limitMs };
      const { id } = await callGraph(limits, { method: "POST", id: phoneNumberId, path: "/media", form });
      const mediaId = idOf(id);
      if (mediaId) return mediaId;
      throw new GraphError("Meta's answer names no file.", { outcome: "unknown", httpStatus: 200 });
    },
  };
}

/**
 * The token goes to Graph's own host and to lookaside alone, whatever a response or a redirect says; nothing else is called
 * at all. Some of Meta's hosts refuse a call that does not say who calls.
 */
async function openAt(
  options: GraphOptions,
  address: URL | null,
  signal: AbortSignal,
  hops: number,
): Promise<OpenedMedia> {
  const { baseUrl, token, fetch: given } = options;
  if (!address || !isMetas(address, baseUrl)) return { kind: "elsewhere" };
  // Called as a plain function: the platform's fetch refuses another `this`.
  const send = given ?? ((input: URL | RequestInfo, init?: RequestInit) => fetch(input, init));
  const headers = {
    authorization: `Bearer ${token}`,
    "user-agent": "waba-edge",
    "accept-encoding": "identity",
  };
  const answer = await send(address, { headers, redirect: "manual", signal });
  const { status, body } = answer;
  if (status === 200 && body) {
    const length = answer.headers.get("content-length");
    const sizeBytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
    return { kind: "open", body, sizeBytes, mimeType: mimeTypeOf(answer.headers.get("content-type")) };
  }
  await body?.cancel().catch(() => undefined);
  if (status >= 300 && status < 400) {
    const next = URL.parse(answer.headers.get("location") ?? "", address.href);
    return hops > 0 ? await openAt(options, next, signal, hops - 1) : { kind: "elsewhere" };
  }
  if (status === 404 || status === 410) return { kind: "gone" };
  return { kind: status === 401 || status === 403 ? "forbidden" : "trouble" };
}

function isMetas(address: URL, baseUrl: string): boolean {
  if (address.username !== "" || address.password !== "") return false;
  return address.origin === LOOKASIDE || address.origin === URL.parse(baseUrl)?.origin;
}

/** Without anything that could not stand in a header. */
function mimeTypeOf(value: unknown): string | null {
  return typeof value === "string" &&
    /^[\w.+-]+\/[\w.+-]+(\s*;[\x20-\x7e]*)?$/.test(value) &&
    value.length < 200
    ? value
    : null;
}
