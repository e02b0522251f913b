import type { Message } from "../../domain/message.ts";

type KindTexts = Record<"photo" | "video" | "audio" | "document" | "sticker", string>;

const MARKS: Record<string, { mark: string; kind: keyof KindTexts }> = {
  image: { mark: "📷", kind: "photo" },
  video: { mark: "🎬", kind: "video" },
  audio: { mark: "🎤", kind: "audio" },
  document: { mark: "📄", kind: "document" },
  sticker: { mark: "🌟", kind: "sticker" },
};

/** A message in a row of the list: its text, behind the mark of its kind of file; without a caption the kind itself. */
export function previewText(
  { messageType, body, fromMe, revokedAt }: Pick<Message, "messageType" | "body" | "fromMe" | "revokedAt">,
  texts: KindTexts & { revoked: string },
): string {
  if (revokedAt !== null) return fromMe ? body : texts.revoked;
  const kind = MARKS[messageType];
  if (!kind) return body;
  return `${kind.mark} ${/^\[[^\]]*\]$/.test(body) ? texts[kind.kind] : body}`;
}
