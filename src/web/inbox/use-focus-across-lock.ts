import { useEffect, useRef } from "react";

/** Whoever was writing when the window closed goes on where they were once it opens again. */
export function useFocusAcrossLock(box: { current: HTMLTextAreaElement | null }, isLocked: boolean): void {
  const hadFocus = useRef(false);
  const wasLocked = useRef(isLocked);
  if (!isLocked) hadFocus.current = document.activeElement === box.current && box.current !== null;
  useEffect(() => {
    if (wasLocked.current && !isLocked && hadFocus.current) box.current?.focus();
    wasLocked.current = isLocked;
  }, [box, isLocked]);
}
