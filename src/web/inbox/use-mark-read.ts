import { useEffect, useRef } from "react";
import type { ChatState } from "../models/chat-state.ts";
import { useIsVisible } from "../parts/hooks.ts";
import { useServices } from "../parts/services.tsx";

/** Marks the chat as read by the team while it is open at its end in a tab that is in view. */
export function useMarkRead({ chat, seq }: ChatState, isAtEnd: boolean): void {
  const { api } = useServices();
  const isVisible = useIsVisible();
  const sent = useRef(-1);
  const { id, unreadCount } = chat;
  useEffect(() => {
    if (!isVisible || !isAtEnd || unreadCount === 0 || sent.current >= seq) return;
    sent.current = seq;
    api.request(`/chats/${id}/read`, { method: "POST", json: { seq } }).catch(() => {
      // The next message, or coming back to the tab, repeats it.
      sent.current = -1;
    });
  }, [api, id, seq, unreadCount, isAtEnd, isVisible]);
}
