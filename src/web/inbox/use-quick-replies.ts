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
  /** Opens the whole list, whatever is written. */
  open(): void;
  choose(reply: QuickReply): void;
  /** Whether the list has taken the key. */
  onKeyDown(event: KeyboardEvent): boolean;
};

type Write = {
  /** In place of all that is written. */
  replace(text: string): void;
  /** At the caret. */
  insert(text: string): void;
};

/** The list under a slash at the start of a message, or under any text once it is opened; writing on closes it. */
export function useQuickReplyMenu(text: string, contact: Contact, { replace, insert }: Write): QuickReplies {
  const replies = useQuickReplies();
  const id = useId();
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const query = quickReplyQuery(text) ?? (opened === text ? "" : null);
  const shown = query === null || dismissed === text ? null : findQuickReplies(replies, query);
  const at = Math.min(active, Math.max(0, (shown?.length ?? 0) - 1));
  const choose = (reply: QuickReply) => {
    const filled = fillQuickReply(reply.text, contact);
    if (opened === text) insert(filled);
    else replace(filled);
    setOpened(null);
    setActive(0);
  };
  const open = () => {
    setDismissed(null);
    if (text === "") replace("/");
    else setOpened(text);
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
  return { shown, active: at, id, open, choose, onKeyDown };
}
