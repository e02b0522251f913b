import { beginErasure, eraseMessages, finishErasure } from "../db/erasure.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import type { ActionContext } from "./context.ts";
import { noContact, requireContact } from "./merge-contacts.ts";

/**
 * Erases a person: their contact with all that was merged into it, chats, messages, notes, files and raw webhooks. What Meta
 * delivers again of before is dropped; when they write again they are somebody new. Safe to repeat until it throws `not_found`: a
 * call that dies has erased a part. Throws `not_found`, and `invalid_request` for a group.
 */
export async function eraseContact(ctx: ActionContext, id: number): Promise<{ messages: number }> {
  const { agent, db, now, publish, publishErased, deleteDiscarded } = ctx;
  const { organizationId } = agent;
  const { isGroup } = await requireContact(ctx, id);
  if (isGroup)
    throw new AppError("invalid_request", "A group is not a person: erase its members one by one.");
  const person = { organizationId, contactId: id, at: now() };
  const chatIds = await beginErasure(db, person);
  if (!chatIds) throw noContact(id);
  let messages = 0;
  for (;;) {
    const count = await eraseMessages(db, person);
    messages += count;
    if (count > 0) continue;
    const committed = await finishErasure(db, person, agent.id, messages);
    if (!committed) {
      // A message came in between the two calls, or another admin was faster.
      await requireContact(ctx, id);
      continue;
    }
    log("contact_erased", { organizationId, contactId: id, agentId: agent.id, count: messages });
    await publishErased(chatIds);
    await publish(committed);
    await deleteDiscarded();
    return { messages };
  }
}
