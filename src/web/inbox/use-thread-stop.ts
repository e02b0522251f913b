import { useRef, useState } from "react";
import { type ThreadItem, writtenFrom } from "../models/thread-items.ts";

/** The row of a thread that had the focus last. */
export type ThreadStop = {
  /** Its index; -1: none has had it. Once the row is gone, that of its neighbour. */
  index: number;
  moveTo(index: number): void;
};

export function useThreadStop(items: readonly ThreadItem[]): ThreadStop {
  const [key, setKey] = useState<string | null>(null);
  const known = useRef(0);
  const moveTo = (index: number) => setKey(items[index]?.key ?? null);
  if (key === null) return { index: -1, moveTo };
  const index = items.findIndex((item) => item.key === key);
  if (index >= 0) known.current = index;
  return { index: index >= 0 ? index : near(items, known.current), moveTo };
}

function near(items: readonly ThreadItem[], index: number): number {
  const below = writtenFrom(items, index, 1);
  return below >= 0 ? below : writtenFrom(items, index, -1);
}
