import { useEffect, useRef } from "react";
import type { Unsent } from "../models/outbox.ts";
import { useSteady } from "../parts/hooks.ts";

/** Follows what the agent sends to the end of the chat, wherever they read. */
export function useOwnSent(unsent: readonly Unsent[], toEnd: () => void): void {
  const newest = unsent.at(-1)?.createdAt ?? "";
  const seen = useRef(newest);
  const follow = useSteady(toEnd);
  useEffect(() => {
    if (newest <= seen.current) return;
    seen.current = newest;
    follow();
  }, [newest, follow]);
}
