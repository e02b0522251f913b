import { useEffect, useRef } from "react";
import type { SpokenChat } from "../models/spoken-news.ts";
import { usePassingText } from "../parts/hooks.ts";

/** A screen reader has taken the text by then. */
const PAUSE_MS = 1_000;

/**
 * The text of a live region: what `textOf` makes of the chat's changes, one text a second at most, and then nothing, so that a
 * message that is revoked is not kept there.
 */
export function useSpoken(chat: SpokenChat, textOf: (before: SpokenChat, now: SpokenChat) => string): string {
  const [text, setText] = usePassingText(PAUSE_MS);
  const spoken = useRef(chat);
  useEffect(() => {
    const before = spoken.current;
    const isSame = chat.messages === before.messages && chat.unsent === before.unsent;
    if (text !== "" || isSame) return;
    spoken.current = chat;
    setText(textOf(before, chat));
  }, [text, setText, chat, textOf]);
  return text;
}
