import type { VirtualItem, Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useState } from "react";
import { countsAsUnread } from "../../domain/message.ts";
import type { ChatState } from "../models/chat-state.ts";
import { lateBy } from "../models/late-arrival.ts";
import type { ThreadItem } from "../models/thread-items.ts";

/** So much of a message, or all of a smaller one, is enough to see that it is there. */
const SEEN_PX = 40;

/**
 * The customer's messages that came late while the chat was open, took their place among older ones, and have not been in view
 * since: their ids, oldest first. Until they have, the chat is not read.
 */
export function useHiddenLate(
  { messages, seq }: ChatState,
  items: readonly ThreadItem[],
  virtual: Virtualizer<HTMLDivElement, Element>,
): readonly number[] {
  const [openedAt] = useState(seq);
  const [seen, setSeen] = useState<ReadonlySet<number>>(new Set());
  const hidden = messages
    .filter((message) => message.seq > openedAt && countsAsUnread(message) && lateBy(message) !== null)
    .filter(({ id }) => !seen.has(id))
    .map(({ id }) => id);
  const top = virtual.scrollOffset ?? 0;
  const bottom = top + (virtual.scrollRect?.height ?? 0);
  const isInView = ({ start, end, size }: VirtualItem) =>
    Math.min(end, bottom) - Math.max(start, top) >= Math.min(size, SEEN_PX);
  const shown = virtual
    .getVirtualItems()
    .filter(isInView)
    .map(({ index }) => items[index])
    .flatMap((item) =>
      item?.kind === "message" && hidden.includes(item.message.id) ? [item.message.id] : [],
    )
    .join(" ");
  useEffect(() => {
    if (shown !== "") setSeen((before) => new Set([...before, ...shown.split(" ").map(Number)]));
  }, [shown]);
  return hidden;
}
