import { type KeyboardEvent, useId, useState } from "react";
import type { Contact } from "../../domain/chat.ts";
import type { QuickReply } from "../../domain/label.ts";
import { fillQuickReply, findQuickReplies, quickReplyQuery } from "../models/quick-replies.ts";
import { useQuickReplies } from "./quick-reply-list.tsx";

type QuickReplies = {
  /** Null while the list is closed. */
  shown: readonly QuickReply[] | null;
  active: number;
  id: string;
  choose(reply: QuickReply): void;
  /** Whether the list has taken the key. */
  onKeyDown(event: KeyboardEvent): boolean;
};

/** The list under a slash at the start of a message. `onText` gets the message with the chosen text. */
export function useQuickReplyMenu(
  text: string,
  contact: Contact,
  onText: (text: string) => void,
): QuickReplies {
  const replies = useQuickReplies();
  const id = useId();
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const query = quickReplyQuery(text);
  const shown = query === null || dismissed === text ? null : findQuickReplies(replies, query);
  const at = Math.min(active, Math.max(0, (shown?.length ?? 0) - 1));
  const choose = (reply: QuickReply) => {
    onText(fillQuickReply(reply.text, contact));
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!shown || event.nativeEvent.isComposing) return false;
    const reply = shown[at];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive((at + step + shown.length) % Math.max(1, shown.length));
    else if ((event.key === "Enter" || event.key === "Tab") && reply) choose(reply);
    else if (event.key === "Escape") setDismissed(text);
    else return false;
    event.preventDefault();
    return true;
  };
  return { shown, active: at, id, choose, onKeyDown };
}
