import { newFailures, newRefusals, type SpokenChat, spokenFailures } from "../models/spoken-news.ts";
import { useLanguage } from "../parts/strings-context.tsx";
import { useSpoken } from "./use-spoken.ts";

/** Says to screen readers, at once, which message did not arrive: bubbles come and go as the thread scrolls, and would repeat it. */
export function SpokenFailures({ chat }: { chat: SpokenChat }) {
  const { language, strings } = useLanguage();
  const failures = useSpoken(chat, (before, now) =>
    spokenFailures(newFailures(before, now), newRefusals(before, now), strings, language),
  );
  return (
    <p className="hidden-text" role="alert">
      {failures}
    </p>
  );
}
