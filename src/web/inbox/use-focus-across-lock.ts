import { useEffect, useRef } from "react";

/** Whoever was writing when the window closed, and has gone nowhere since, goes on where they were once it opens again. */
export function useFocusAcrossLock(box: { current: HTMLTextAreaElement | null }, isLocked: boolean): void {
  const hadFocus = useRef(false);
  const wasLocked = useRef(isLocked);
  // In the render that unlocks it the box is not there yet.
  if (!isLocked && !wasLocked.current)
    hadFocus.current = document.activeElement === box.current && box.current !== null;
  useEffect(() => {
    const isUnlocked = wasLocked.current && !isLocked;
    if (isUnlocked && hadFocus.current && document.activeElement === document.body) box.current?.focus();
    wasLocked.current = isLocked;
  }, [box, isLocked]);
}
