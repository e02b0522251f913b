import { undoMerge } from "../db/contacts.ts";
import type { ContactDetails } from "../domain/contact.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import type { ActionContext } from "./context.ts";
import { requireContact } from "./merge-contacts.ts";

/**
 * Undoes a merge: each contact has its chats, its messages and its identities again. What came since stays with the
 * remaining one, which is returned. They are not merged again automatically. Throws `not_found`, `merge_not_open`.
 */
export async function undoContactMerge(ctx: ActionContext, mergeId: number): Promise<ContactDetails> {
  const { agent, db, publish } = ctx;
  const undone = await undoMerge(db, agent.organizationId, mergeId, agent.id);
  switch (undone.kind) {
    case "no_merge":
      throw new AppError("not_found", `No such contact merge: ${mergeId}.`);
    case "not_open":
      throw new AppError("merge_not_open", "The merge was already undone, or a later merge depends on it.");
    case "undone": {
      const { contactId, otherContactId } = undone;
      const { organizationId } = agent;
      log("contacts_unmerged", { organizationId, contactId, otherContactId, agentId: agent.id });
      await publish(undone.committed);
      return await requireContact(ctx, contactId);
    }
  }
}
