import type { Message } from "../../domain/message.ts";
import type { Strings } from "../strings/strings.ts";
import { previewText } from "./preview-text.ts";

const MOST_CHARS = 200;

/** What a screen reader says of messages that came: the text of one, the number of several. */
export function spokenNews(news: readonly Message[], { inbox }: Strings): string {
  const [first, ...more] = news;
  if (!first) return "";
  return more.length > 0 ? inbox.newMessages(news.length) : previewText(first, inbox).slice(0, MOST_CHARS);
}
