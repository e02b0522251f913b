import { setBlocked } from "../db/chats.ts";
import { AppError } from "../errors.ts";
import { askGraph } from "./ask-graph.ts";
import type { ActionContext } from "./context.ts";
import { noChat, requireChat } from "./require-chat.ts";

/**
 * Blocks or unblocks a chat's customer at Meta, and shows that in all chats with them.
 * Meta blocks only customers who wrote in the last 24 hours. Throws `not_found`, `invalid_request` for a group, and what
 * `askGraph` throws.
 */
export async function blockContact(ctx: ActionContext, id: number, isBlocked: boolean) {
  const { agent, db, now, publish } = ctx;
  const { contact, organizationPhoneId } = await requireChat(ctx, id);
  const user = contact.phone
    ? { phone: contact.phone }
    : contact.userId
      ? { userId: contact.userId }
      : undefined;
  if (!user) throw new AppError("invalid_request", "Groups cannot be blocked.");
  await askGraph(ctx, organizationPhoneId, async ({ client, phoneNumberId }) => {
    const { failed } = await client[isBlocked ? "block" : "unblock"](phoneNumberId, [user]);
    const [refused] = failed;
    if (refused)
      throw new AppError("meta_refused", refused.reason ?? "Meta gave no reason.", { status: 422 });
  });
  const key = { id, organizationId: agent.organizationId };
  const committed = await setBlocked(db, key, isBlocked ? now() : null, agent.id);
  if (!committed) throw noChat(id);
  await publish(committed);
  return await requireChat(ctx, id);
}
