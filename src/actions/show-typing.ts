import { newestInbound } from "../db/messages.ts";
import type { ActionContext } from "./context.ts";
import { requireChat } from "./require-chat.ts";

/**
 * Shows the customer that an answer is being written, for up to 25 seconds; at Meta that also marks what they wrote as read.
 * Does nothing for a customer who has never written. Throws `not_found`; not when Meta cannot be reached.
 */
export async function showTypingIn(ctx: ActionContext, id: number): Promise<void> {
  const { organizationPhoneId } = await requireChat(ctx, id);
  const wamid = await newestInbound(ctx.db, id);
  if (wamid !== null) await ctx.showTyping(organizationPhoneId, wamid);
}
