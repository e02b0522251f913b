import type { Virtualizer } from "@tanstack/react-virtual";
import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
} from "react";
import { type ThreadItem, writtenFrom } from "../models/thread-items.ts";
import type { ThreadStop } from "./use-thread-stop.ts";

const CONTROLS = "a[href], button, audio, video";

type ThreadParts = {
  scroller: RefObject<HTMLElement | null>;
  items: readonly ThreadItem[];
  virtual: Virtualizer<HTMLDivElement, Element>;
  stop: ThreadStop;
  /** Whether messages after the last one are not loaded. */
  hasNewer: boolean;
  /** Loads the newest messages, and scrolls to the end. */
  toEnd(): void;
  onReply(messageId: number): void;
  /** The focus goes back to the composer. */
  onLeave(): void;
};

type ThreadKeys = {
  /** The one row in the tab order: the last that had the focus, or the lowest in view; -1: there is none. */
  tabStop: number;
  onFocus(event: FocusEvent): void;
  onBlur(): void;
  onKeyDown(event: KeyboardEvent): void;
};

/**
 * Moves the focus between the rows of a thread that somebody wrote: ↑ ↓ Home End PageUp PageDown. Of the links and buttons only those
 * in the row of the tab order are in it too, so that Tab does not lead through every message of the chat.
 */
export function useThreadKeys(parts: ThreadParts): ThreadKeys {
  const { scroller, items, virtual, stop, hasNewer, toEnd, onReply, onLeave } = parts;
  const lowest = writtenFrom(items, virtual.range?.endIndex ?? items.length - 1, -1);
  const tabStop = stop.index >= 0 ? stop.index : lowest >= 0 ? lowest : writtenFrom(items, 0, 1);

  const wanted = useRef<"row" | "end" | null>(null);
  const goTo = (index: number) => {
    if (index < 0) return;
    wanted.current = "row";
    stop.moveTo(index);
    virtual.scrollToIndex(index);
  };
  const goToEnd = () => {
    if (!hasNewer) return goTo(writtenFrom(items, items.length - 1, -1));
    wanted.current = "end";
    toEnd();
  };
  const hasFocus = useRef(false);
  useLayoutEffect(() => {
    if (wanted.current === "end" && !hasNewer) goToEnd();
    // What had the focus is gone: a note was removed, a refused message is sent again.
    const isLost = hasFocus.current && document.activeElement === document.body;
    if (wanted.current !== "row" && !isLost) return;
    const row = rowAt(scroller.current, tabStop);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });

  const latest = useRef(tabStop);
  latest.current = tabStop;
  useLayoutEffect(() => keepTabOrder(scroller.current, tabStop));
  useEffect(() => {
    const list = scroller.current;
    if (!list) return;
    // A bubble also renders by itself.
    const observer = new MutationObserver(() => keepTabOrder(list, latest.current));
    observer.observe(list, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [scroller]);

  const onFocus = ({ target }: FocusEvent) => {
    const row = target.closest<HTMLElement>("[data-index]");
    if (!row) return;
    hasFocus.current = true;
    stop.moveTo(Number(row.dataset.index));
  };
  const onBlur = () => {
    hasFocus.current = false;
  };

  /** By as much as is in view, but one row at least. */
  const aPageFrom = (index: number, step: 1 | -1): number => {
    const row = virtual.getVirtualItems().find((one) => one.index === index);
    const page = scroller.current?.clientHeight ?? 0;
    const edge = row && virtual.getVirtualItemForOffset(step === 1 ? row.end + page : row.start - page);
    const next = writtenFrom(items, index + step, step);
    if (!edge || next < 0) return next;
    // The last one that begins within the page, on the way there.
    const far = writtenFrom(items, edge.index, step === 1 ? -1 : 1);
    return step === 1 ? Math.max(next, far) : Math.min(next, far);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (!row) return;
    if (event.key === "Escape") return onLeave();
    // A player has keys of its own.
    if (event.target !== row) return;
    const index = Number(row.dataset.index);
    const item = items[index];
    if (event.altKey && event.code === "KeyR" && item?.kind === "message") {
      event.preventDefault();
      return onReply(item.message.id);
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "End") {
      event.preventDefault();
      return goToEnd();
    }
    const moves: Record<string, number> = {
      ArrowDown: writtenFrom(items, index + 1, 1),
      ArrowUp: writtenFrom(items, index - 1, -1),
      Home: writtenFrom(items, 0, 1),
      PageDown: aPageFrom(index, 1),
      PageUp: aPageFrom(index, -1),
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    goTo(to);
  };
  return { tabStop, onFocus, onBlur, onKeyDown };
}

function rowAt(list: HTMLElement | null, index: number): HTMLElement | null {
  return list?.querySelector(`[data-index="${index}"]`) ?? null;
}

function keepTabOrder(list: HTMLElement | null, tabStop: number): void {
  for (const row of list?.querySelectorAll<HTMLElement>("[data-index]") ?? []) {
    const tabIndex = Number(row.dataset.index) === tabStop ? "0" : "-1";
    for (const control of row.querySelectorAll(CONTROLS))
      if (control.getAttribute("tabindex") !== tabIndex) control.setAttribute("tabindex", tabIndex);
  }
}
