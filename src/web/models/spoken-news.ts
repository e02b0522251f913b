import type { Message } from "../../domain/message.ts";
import type { Language, Strings } from "../strings/strings.ts";
import type { ChatState } from "./chat-state.ts";
import { failureTexts, isDecided } from "./failure.ts";
import type { Unsent } from "./outbox.ts";
import { previewText } from "./preview-text.ts";
import { unsentProblemText } from "./refusal.ts";

const MOST_CHARS = 200;

/** What of the open chat is spoken. */
export type SpokenChat = Pick<ChatState, "messages" | "seq"> & { unsent: readonly Unsent[] };

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

/** What the server has refused to send meanwhile; not where a colleague was quicker, which a dialog says. */
export function newRefusals(before: SpokenChat, now: SpokenChat): Unsent[] {
  return now.unsent.filter(({ key, state, problem }) => {
    if (state !== "refused" || problem?.code === "chat_moved_on") return false;
    return before.unsent.find((one) => one.key === key)?.state !== "refused";
  });
}

/** What a screen reader says of messages that failed or were refused: the text of one, and why; the number of several. */
export function spokenFailures(
  failed: readonly Message[],
  refused: readonly Unsent[],
  { inbox }: Strings,
  language: Language,
): string {
  const count = failed.length + refused.length;
  if (count > 1) return inbox.messagesFailed(count);
  const [message] = failed;
  if (message) {
    const why = message.error ? failureTexts(message.error, language).title : "";
    return inbox.messageFailed(shortText(message, inbox), why);
  }
  const [unsent] = refused;
  if (!unsent) return "";
  return inbox.messageFailed(
    unsent.shown.slice(0, MOST_CHARS),
    unsent.problem ? unsentProblemText(unsent.problem, language) : "",
  );
}

function shortText(message: Message, texts: Strings["inbox"]): string {
  return previewText(message, texts).slice(0, MOST_CHARS);
}
