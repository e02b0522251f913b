import type { Message } from "./message.ts";

const PREVIEW_CHARS = 300;
const PREVIEW_CONTENT_BYTES = 4_096;
const FRAME_BYTES = 16_384;

const encoder = new TextEncoder();

/** At most the first 300 characters of a text, with "…" when it has more. */
export function previewOf(text: string): string {
  if (text.length <= PREVIEW_CHARS) return text;
  // A character has at most two code units: this is enough text, and a pair that is split at its end is not used.
  const characters = [...text.slice(0, 2 * PREVIEW_CHARS)];
  const preview = characters.slice(0, PREVIEW_CHARS).join("");
  return preview.length < text.length ? `${preview}…` : text;
}

/** The message as a chat's newest one, in a list of chats or in a frame. */
export function toPreview(message: Message): Message {
  return truncated(message, previewOf(message.body), PREVIEW_CONTENT_BYTES);
}

/** The message as a socket's frame carries it: at most 16 KB (UTF-8) of the body, and of the content. */
export function toFrameMessage(message: Message): Message {
  return truncated(message, firstBytes(message.body, FRAME_BYTES), FRAME_BYTES);
}

/** Marked as truncated when the body is another, or when its content is too large and is left out. */
function truncated(message: Message, body: string, contentBytes: number): Message {
  const hasLargeContent = message.content !== null && !fits(JSON.stringify(message.content), contentBytes);
  if (body === message.body && !hasLargeContent) return message;
  return { ...message, body, content: hasLargeContent ? null : message.content, isTruncated: true };
}

/** The longest beginning of a text that fits, with "…" when it is not all of it. Characters stay whole: `encodeInto` writes no part of one. */
function firstBytes(text: string, bytes: number): string {
  if (fits(text, bytes)) return text;
  const { read } = encoder.encodeInto(text.slice(0, bytes), new Uint8Array(bytes));
  return `${text.slice(0, read)}…`;
}

function fits(text: string, bytes: number): boolean {
  // One code unit takes at most three bytes: most texts need no encoding.
  return text.length * 3 <= bytes || (text.length <= bytes && encoder.encode(text).length <= bytes);
}
