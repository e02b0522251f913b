import { useEffect, useRef, useState } from "react";
import { useServices } from "../parts/services.tsx";
import { useInbox } from "./inbox-context.tsx";

const TYPING_EVERY_MS = 3_000;

/**
 * What is written in a chat and not sent yet: it is kept over a reload. `onTyping` is called while it is written, every three seconds
 * at most, and with false once nothing is left of it. The last of the three puts a text before what is written by then, also once the
 * chat was left, or left and opened again.
 */
export function useDraft(
  chatId: number,
  onTyping: (isTyping: boolean) => void,
): [string, (text: string) => void, (before: string) => void] {
  const { store } = useServices();
  const { owner, draftReaders } = useInbox();
  const key = `draft.${owner}.${chatId}`;
  const [text, setText] = useState(() => store.get(key) ?? "");
  const lastTyping = useRef(0);
  useEffect(() => {
    const read = (id: number) => id === chatId && setText(store.get(key) ?? "");
    draftReaders.add(read);
    return () => {
      draftReaders.delete(read);
    };
  }, [store, draftReaders, chatId, key]);
  const keep = (next: string) => (next === "" ? store.remove(key) : store.set(key, next));
  const change = (next: string) => {
    setText(next);
    keep(next);
    if (next === "") return onTyping(false);
    if (Date.now() - lastTyping.current < TYPING_EVERY_MS) return;
    lastTyping.current = Date.now();
    onTyping(true);
  };
  const writeBefore = (before: string) => {
    keep([before, store.get(key)].filter(Boolean).join("\n"));
    for (const read of draftReaders) read(chatId);
  };
  return [text, change, writeBefore];
}
