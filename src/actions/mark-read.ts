import { markChatRead } from "../db/chats.ts";
import type { ActionContext } from "./context.ts";
import { noChat, requireChat } from "./require-chat.ts";

/**
 * Marks a chat as read by the team up to the event `upTo` (null: all of them), publishes that, and sends Meta a read receipt,
 * so that the customer sees it. What came after `upTo` stays unread. A chat without anything unread stays as it is.
 */
export async function markRead(ctx: ActionContext, id: number, upTo: number | null) {
  const { agent, db, publish, sendReadReceipt } = ctx;
  const read = await markChatRead(db, { id, organizationId: agent.organizationId }, upTo, agent.id);
  if (!read) throw noChat(id);
  await Promise.all([
    publish(read.committed),
    read.newestWamid === null ? null : sendReadReceipt(read.organizationPhoneId, read.newestWamid),
  ]);
  return await requireChat(ctx, id);
}
