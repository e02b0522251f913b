import type { Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ChatState } from "../models/chat-state.ts";
import type { LiveChat } from "../models/live-chat.ts";
import type { ThreadItem } from "../models/thread-items.ts";

/** How long a message that was brought into view is marked; the style fades the mark in the same time. */
const MARKED_MS = 2_500;

type Target = number | "end";

type ShownMessage = {
  /** The message that is marked now. */
  marked: number | null;
  /** What was asked for, and the server did not give. */
  lost: Target | null;
  /** Brings a message into view, or the newest one; loads what is around it where it is not loaded. */
  show(target: Target): void;
  /** The agent moves the thread: what was shown need not stay in view. */
  release(): void;
};

type ThreadParts = {
  live: LiveChat;
  state: ChatState;
  items: readonly ThreadItem[];
  anchor: number | null;
  press: unknown;
  virtual: Virtualizer<HTMLDivElement, Element>;
  onShown(): void;
};

/** Shows a thread at its end or around `anchor`, and then whatever is asked for. */
export function useShownMessage(parts: ThreadParts): ShownMessage {
  const { live, state, items, anchor, press, virtual, onShown } = parts;
  const [wanted, setWanted] = useState<Target | null>(() =>
    anchor !== null && isLoaded(state, anchor) ? anchor : "end",
  );
  const [marked, setMarked] = useState<number | null>(null);
  const [lost, setLost] = useState<Target | null>(null);
  const show = (target: Target) => {
    setWanted(target);
    setLost(null);
    if (isLoaded(live.view.state, target)) return live.stay();
    void live.reload(target === "end" ? null : target).then((isGiven) => {
      if (isLoaded(live.view.state, target)) return;
      // It is gone, or the server did not answer: nothing may jump there later. Something else may be wanted by now.
      setWanted((now) => (now === target ? null : now));
      if (!isGiven) setLost(target);
    });
  };

  // The list corrects its position for some more frames, by an index that older messages move.
  const aim = useRef<number | null>(null);
  const scrollTo = (id: number) => {
    const index = items.findIndex((item) => item.kind === "message" && item.message.id === id);
    virtual.scrollToIndex(index, { align: "center" });
  };

  const opened = useRef({ anchor, press });
  const latest = useRef(show);
  latest.current = show;
  useEffect(() => {
    if (opened.current.anchor === anchor && opened.current.press === press) return;
    opened.current = { anchor, press };
    if (anchor !== null) latest.current(anchor);
  }, [anchor, press]);

  const isThere = wanted !== null && isLoaded(state, wanted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each target, when it is loaded.
  useLayoutEffect(() => {
    if (wanted === null || !isThere) return;
    aim.current = wanted === "end" ? null : wanted;
    if (wanted === "end") virtual.scrollToEnd();
    else {
      scrollTo(wanted);
      setMarked(wanted);
      onShown();
    }
    setWanted(null);
  }, [wanted, isThere]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the indexes move.
  useLayoutEffect(() => {
    if (aim.current !== null && isLoaded(state, aim.current)) scrollTo(aim.current);
  }, [items[0]?.key]);
  const release = () => {
    aim.current = null;
  };

  useEffect(() => {
    if (marked === null) return;
    const timer = setTimeout(() => setMarked(null), MARKED_MS);
    return () => clearTimeout(timer);
  }, [marked]);
  return { marked, lost, show, release };
}

/** Whether a message, or the newest ones, are loaded. */
export function isLoaded(state: ChatState | null, target: Target): boolean {
  if (!state) return false;
  return target === "end" ? !state.hasNewer : state.messages.some(({ id }) => id === target);
}
