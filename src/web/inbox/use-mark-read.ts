import { useEffect, useRef, useState } from "react";
import { ApiError } from "../models/api.ts";
import type { ChatState } from "../models/chat-state.ts";
import { useIsVisible } from "../parts/hooks.ts";
import { useServices } from "../parts/services.tsx";
import { useMe } from "./agents.ts";

/** An answer that was lost is asked for again after this. */
const AGAIN_MS = 5_000;

/**
 * Marks the chat as read by the team, and its notes by the agent whom they mention, while it is open at its end in a tab that is in view. One request at a time: what comes
 * meanwhile is read by the next one, or a busy chat would have one for each message.
 */
export function useMarkRead({ chat, seq }: ChatState, isAtEnd: boolean): void {
  const { api } = useServices();
  const isVisible = useIsVisible();
  const sent = useRef(-1);
  const isBusy = useRef(false);
  const [done, setDone] = useState(0);
  const me = useMe()?.agent.id;
  const { id, unreadCount, mentionedIds } = chat;
  const again = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(again.current), []);
  const isUnread = unreadCount > 0 || (me !== undefined && mentionedIds.includes(me));
  // biome-ignore lint/correctness/useExhaustiveDependencies: one that is done lets the next one go.
  useEffect(() => {
    if (!isVisible || !isAtEnd || !isUnread || isBusy.current || sent.current >= seq) return;
    sent.current = seq;
    isBusy.current = true;
    const end = () => {
      isBusy.current = false;
      setDone((count) => count + 1);
    };
    const fail = (error: unknown) => {
      sent.current = -1;
      const isFinal = error instanceof ApiError && error.status < 500;
      // The next message, or coming back to the tab, repeats what was refused.
      if (isFinal) isBusy.current = false;
      else again.current = setTimeout(end, AGAIN_MS);
    };
    api.request(`/chats/${id}/read`, { method: "POST", json: { seq } }).then(end, fail);
  }, [api, id, seq, isUnread, isAtEnd, isVisible, done]);
}
