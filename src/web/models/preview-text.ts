import type { Message } from "../../domain/message.ts";

type KindTexts = Record<"photo" | "video" | "audio" | "document" | "sticker", string>;

const MARKS: Record<string, { mark: string; kind: keyof KindTexts }> = {
  image: { mark: "📷", kind: "photo" },
  video: { mark: "🎬", kind: "video" },
  audio: { mark: "🎤", kind: "audio" },
  document: { mark: "📄", kind: "document" },
  sticker: { mark: "🌟", kind: "sticker" },
};

type Shown = Pick<Message, "messageType" | "body" | "fromMe" | "revokedAt"> &
  Partial<Pick<Message, "content">>;
type Texts = KindTexts & {
  revoked: string;
  deleted: string;
  noMessages: string;
  phrase(english: string): string;
};

/**
 * A message in a row of the list: its text, behind the mark of its kind of file; without a caption the kind itself. In a group who wrote
 * comes first, as in the body.
 */
export function previewText(message: Shown | null, texts: Texts): string {
  if (message === null) return texts.noMessages;
  if (message.revokedAt !== null) return bodyText(message, texts);
  const author = authorOf(message);
  const body = message.body.slice(author.length);
  const kind = MARKS[message.messageType];
  if (!kind) return author + bodyText({ ...message, body }, texts);
  return `${author}${kind.mark} ${/^\[[^\]]*\]$/.test(body) ? texts[kind.kind] : body}`;
}

/** The name before the text of a group's preview, as db/rows.ts writes it; empty where there is none. */
function authorOf({ body, content }: Shown): string {
  const sender = content?.sender;
  const author = sender ? `${sender.name ?? `+${sender.phone}`}: ` : "";
  return body.startsWith(author) ? author : "";
}

/** A message as one line of text: what was written, or in the reader's language what happened. */
export function bodyText({ messageType, body, fromMe, revokedAt }: Shown, texts: Texts): string {
  if (revokedAt !== null) return fromMe ? texts.deleted : texts.revoked;
  return messageType === "text" ? body : texts.phrase(body);
}
