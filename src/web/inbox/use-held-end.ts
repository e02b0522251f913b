import { type RefObject, useEffect, useRef } from "react";

/** The end counts as in view from here on. */
export const NEAR_END_PX = 80;

/**
 * Keeps the end in view when the thread itself gets lower or higher: the composer grows, a note is written, a keyboard opens. Returns
 * what the thread does when it is scrolled.
 */
export function useHeldEnd(
  scroller: RefObject<HTMLDivElement | null>,
  isAtEnd: boolean,
  setAtEnd: (isAtEnd: boolean) => void,
  toEnd: () => void,
): () => void {
  const latest = useRef({ isAtEnd, toEnd });
  latest.current = { isAtEnd, toEnd };
  const height = useRef<number | null>(null);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      height.current = element.clientHeight;
      if (latest.current.isAtEnd) latest.current.toEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return () => {
    const { current } = scroller;
    // With another height than before it was the list that scrolled, not the agent.
    if (height.current === null || current?.clientHeight === height.current) setAtEnd(isEndInView(current));
  };
}

export function isEndInView(element: HTMLElement | null): boolean {
  return !element || element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_END_PX;
}
