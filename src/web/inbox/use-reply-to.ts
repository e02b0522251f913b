import { useState } from "react";
import type { Message } from "../../domain/message.ts";
import { replyTarget } from "../models/reply-target.ts";

/**
 * The message that the next one replies to, and how to choose another by its id. It is looked up among the chat's messages, so that
 * none that is revoked or gone stays in the page; without them it is null until they are there again.
 */
export function useReplyTo(messages: readonly Message[] | undefined) {
  const [id, setId] = useState<number | null>(null);
  const [shown, setShown] = useState<Message | null>(null);
  const row = replyTarget(messages, id, shown);
  if (row && row !== shown) setShown(row);
  if (messages && id !== (row?.id ?? null)) setId(row?.id ?? null);
  return [row, setId] as const;
}
