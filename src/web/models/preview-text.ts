import type { Message } from "../../domain/message.ts";

type KindTexts = Record<"photo" | "video" | "audio" | "document" | "sticker", string>;

const MARKS: Record<string, { mark: string; kind: keyof KindTexts }> = {
  image: { mark: "📷", kind: "photo" },
  video: { mark: "🎬", kind: "video" },
  audio: { mark: "🎤", kind: "audio" },
  document: { mark: "📄", kind: "document" },
  sticker: { mark: "🌟", kind: "sticker" },
};

type Shown = Pick<Message, "messageType" | "body" | "fromMe" | "revokedAt">;
type Texts = KindTexts & {
  revoked: string;
  deleted: string;
  noMessages: string;
  phrase(english: string): string;
};

/** A message in a row of the list: its text, behind the mark of its kind of file; without a caption the kind itself. */
export function previewText(message: Shown | null, texts: Texts): string {
  if (message === null) return texts.noMessages;
  const kind = message.revokedAt === null ? MARKS[message.messageType] : undefined;
  if (!kind) return bodyText(message, texts);
  return `${kind.mark} ${/^\[[^\]]*\]$/.test(message.body) ? texts[kind.kind] : message.body}`;
}

/** A message as one line of text: what was written, or in the reader's language what happened. */
export function bodyText({ messageType, body, fromMe, revokedAt }: Shown, texts: Texts): string {
  if (revokedAt !== null) return fromMe ? texts.deleted : texts.revoked;
  return messageType === "text" ? body : texts.phrase(body);
}
