import { useEffect, useRef, useState } from "react";
import type { ChatState } from "../models/chat-state.ts";
import { useIsVisible } from "../parts/hooks.ts";
import { useServices } from "../parts/services.tsx";
import { useMe } from "./agents.ts";

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
  const isUnread = unreadCount > 0 || (me !== undefined && mentionedIds.includes(me));
  // biome-ignore lint/correctness/useExhaustiveDependencies: one that is done lets the next one go.
  useEffect(() => {
    if (!isVisible || !isAtEnd || !isUnread || isBusy.current || sent.current >= seq) return;
    sent.current = seq;
    isBusy.current = true;
    const end = (isSent: boolean) => {
      isBusy.current = false;
      if (isSent) return setDone((count) => count + 1);
      // The next message, or coming back to the tab, repeats it.
      sent.current = -1;
    };
    api.request(`/chats/${id}/read`, { method: "POST", json: { seq } }).then(
      () => end(true),
      () => end(false),
    );
  }, [api, id, seq, isUnread, isAtEnd, isVisible, done]);
}
