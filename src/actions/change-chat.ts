import { type ChatChange, changeChat, MOST_LABELS } from "../db/chat-changes.ts";
import { AppError, invalidField } from "../errors.ts";
import type { ActionContext } from "./context.ts";
import { noChat, requireChat } from "./require-chat.ts";

/**
 * Assigns, closes, opens, snoozes or labels a chat, or marks it as unread, and publishes that. A change that is already made
 * makes no event. Throws `not_found`, `invalid_request` for an agent that the organization does not have, and `stale_version`,
 * with who has the chat, when it is not assigned as the caller believes.
 */
export async function changeChatOf(ctx: ActionContext, id: number, change: ChatChange) {
  const { agent, db, publish } = ctx;
  const changed = await changeChat(db, { id, organizationId: agent.organizationId }, change, agent.id);
  if (!changed) throw noChat(id);
  switch (changed.kind) {
    case "changed":
      await publish(changed.committed);
      return await requireChat(ctx, changed.chatId);
    case "taken": {
      const detail = changed.assignee ? `${changed.assignee.name} has this chat.` : "Nobody has this chat.";
      throw new AppError("stale_version", detail, { chatId: id, assignee: changed.assignee });
    }
    case "no_agent":
      throw invalidField("/assigneeId", "assigneeId must be an agent of the organization.");
    case "no_label":
      throw new AppError("not_found", "No such label.");
    case "too_many_labels":
      throw invalidField("/labelId", `A chat has at most ${MOST_LABELS} labels.`);
  }
}
