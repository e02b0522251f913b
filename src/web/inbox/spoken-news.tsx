import { type SpokenChat, spokenNews } from "../models/spoken-news.ts";
import { useLanguage } from "../parts/strings-context.tsx";
import { useSpoken } from "./use-spoken.ts";

/**
 * Says to screen readers what the customer writes from now on. The thread itself is no live region: it would read old rows aloud
 * while it scrolls.
 */
export function SpokenNews({ chat }: { chat: SpokenChat }) {
  const { strings } = useLanguage();
  const news = useSpoken(chat, ({ seq }, { messages }) =>
    spokenNews(
      messages.filter((message) => !message.fromMe && message.seq > seq),
      strings,
    ),
  );
  return (
    <p className="hidden-text" role="log" aria-live="polite">
      {news}
    </p>
  );
}
