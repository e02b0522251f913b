import { authorPrefix } from "../../domain/author-prefix.ts";
import type { Message } from "../../domain/message.ts";
import { plainText } from "./rich-text.ts";

type KindTexts = Record<"photo" | "video" | "audio" | "document" | "sticker", string>;

const MARKS = new Map<string, { mark: string; kind: keyof KindTexts }>([
  ["image", { mark: "📷", kind: "photo" }],
  ["video", { mark: "🎬", kind: "video" }],
  ["audio", { mark: "🎤", kind: "audio" }],
  ["document", { mark: "📄", kind: "document" }],
  ["sticker", { mark: "🌟", kind: "sticker" }],
]);

type Shown = Pick<Message, "messageType" | "body" | "fromMe" | "revokedAt"> &
  Partial<Pick<Message, "content">>;
type Texts = KindTexts & {
  revoked: string;
  deleted: string;
  noMessages: string;
  phrase(english: string): string;
};

/**
 * A message in a row of the list: its text without the marks of formatting, behind the mark of its kind of file; without a caption the
 * kind itself. In a group's list row the body begins with who wrote, and that stays first.
 */
export function previewText(message: Shown | null, texts: Texts): string {
  if (message === null) return texts.noMessages;
  if (message.revokedAt !== null) return bodyText(message, texts);
  const prefix = authorPrefix(message.content?.sender);
  const author = message.body.startsWith(prefix) ? prefix : "";
  const body = message.body.slice(author.length);
  const kind = MARKS.get(message.messageType);
  if (!kind) return author + plainText(bodyText({ ...message, body }, texts));
  return `${author}${kind.mark} ${/^\[[^\]]*\]$/.test(body) ? texts[kind.kind] : plainText(body)}`;
}

/** A message as one line of text: what was written, or in the reader's language what happened. */
export function bodyText({ messageType, body, fromMe, revokedAt }: Shown, texts: Texts): string {
  if (revokedAt !== null) return fromMe ? texts.deleted : texts.revoked;
  return messageType === "text" ? body : texts.phrase(body);
}
