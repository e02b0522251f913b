import type { Message } from "../../domain/message.ts";
import type { Language, Strings } from "../strings/strings.ts";
import type { ChatState } from "./chat-state.ts";
import { failureTexts, isDecided } from "./failure.ts";
import { previewText } from "./preview-text.ts";

const MOST_CHARS = 200;

/** What of the open chat is spoken. */
export type SpokenChat = Pick<ChatState, "messages" | "seq">;

/** What a screen reader says of messages that came: the text of one, the number of several. */
export function spokenNews(news: readonly Message[], { inbox }: Strings): string {
  const [first, ...more] = news;
  if (!first) return "";
  return more.length > 0 ? inbox.newMessages(news.length) : shortText(first, inbox);
}

/** Our messages that failed from one state of the chat to the next; not those that a page of older messages brought. */
export function newFailures(before: SpokenChat, now: SpokenChat): Message[] {
  const failed = now.messages.filter(
    ({ fromMe, status, error }) => fromMe && status === "failed" && !isDecided(error),
  );
  return failed.filter(({ id, seq }) => {
    const known = before.messages.find((message) => message.id === id);
    return known ? known.status !== "failed" : seq > before.seq;
  });
}

/** What a screen reader says of messages that failed: the text of one, and why; the number of several. */
export function spokenFailures(failed: readonly Message[], { inbox }: Strings, language: Language): string {
  const [first, ...more] = failed;
  if (!first) return "";
  if (more.length > 0) return inbox.messagesFailed(failed.length);
  const why = first.error ? failureTexts(first.error, language).title : "";
  return inbox.messageFailed(shortText(first, inbox), why);
}

function shortText(message: Message, texts: Strings["inbox"]): string {
  return previewText(message, texts).slice(0, MOST_CHARS);
}
