import { useEffect, useRef, useState } from "react";
import type { Message } from "../../domain/message.ts";
import { spokenNews } from "../models/spoken-news.ts";
import { useLanguage } from "../parts/strings-context.tsx";

/** The thread itself is no live region: it would read old rows aloud while it scrolls. */
const PAUSE_MS = 1_000;

type SpokenNewsProps = {
  /** Of the open chat. */
  messages: readonly Message[];
  /** The number of the last event that is applied to them. */
  seq: number;
};

/** Says to screen readers what the customer writes from now on: one line a second at most. */
export function SpokenNews({ messages, seq }: SpokenNewsProps) {
  const { strings } = useLanguage();
  const [text, setText] = useState("");
  const [isPausing, setPausing] = useState(false);
  const spokenSeq = useRef(seq);
  useEffect(() => {
    if (isPausing || seq === spokenSeq.current) return;
    const news = messages.filter((message) => !message.fromMe && message.seq > spokenSeq.current);
    spokenSeq.current = seq;
    if (news.length === 0) return;
    setText(spokenNews(news, strings));
    setPausing(true);
  }, [messages, seq, strings, isPausing]);
  useEffect(() => {
    if (!isPausing) return;
    const timer = setTimeout(() => setPausing(false), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isPausing]);
  return (
    <p className="hidden-text" role="log" aria-live="polite">
      {text}
    </p>
  );
}
