import type { Message } from "../../domain/message.ts";

type Row = Pick<Message, "id" | "wamid" | "revokedAt">;

/**
 * The message with this id, or else, where it was `shown` before, the one that has its wamid now: an echo gives way to the message
 * that it repeats. Null for one that is revoked or gone.
 */
export function replyTarget<Shown extends Row>(
  messages: readonly Shown[] | undefined,
  id: number | null,
  shown: Row | null,
): Shown | null {
  const wamid = shown?.id === id ? shown?.wamid : null;
  const row =
    messages?.find((message) => message.id === id) ??
    messages?.find((message) => wamid && message.wamid === wamid);
  return row?.revokedAt === null ? row : null;
}
