import { useRef } from "react";
import type { Chat } from "../../domain/chat.ts";
import { isOn, SHOW_TYPING } from "../models/preferences.ts";
import { serviceWindowAt } from "../models/service-window.ts";
import { useServices } from "../parts/services.tsx";

/** Meta shows it for up to 25 seconds, https://developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators. */
const SHOW_EVERY_MS = 20_000;

/** Shows the customer that an answer is being written, if the agent wants it: Meta marks their message as read with it. Only within the service window. */
export function useCustomerTyping(chat: Chat | null): () => void {
  const { api, store } = useServices();
  const shownAtMs = useRef(Number.NEGATIVE_INFINITY);
  return () => {
    if (!chat || !isOn(store, SHOW_TYPING)) return;
    const nowMs = Date.now();
    if (nowMs - shownAtMs.current < SHOW_EVERY_MS) return;
    if (serviceWindowAt(chat.windowExpiresAt, nowMs).kind !== "open") return;
    shownAtMs.current = nowMs;
    // It is only for show: the next one repeats it.
    api.request(`/chats/${chat.id}/typing`, { method: "POST" }).catch(() => undefined);
  };
}
