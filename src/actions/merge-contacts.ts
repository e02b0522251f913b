import { findContact, mergeContacts } from "../db/contacts.ts";
import type { ContactDetails } from "../domain/contact.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import type { ActionContext } from "./context.ts";

/**
 * Merges two contacts into the older one, with one chat per phone, publishes that, and returns it.
 * Throws `not_found`, and `contacts_not_mergeable` for a group, for one that was merged before, and for one with itself.
 */
export async function mergeTwoContacts(
  ctx: ActionContext,
  id: number,
  otherId: number,
): Promise<ContactDetails> {
  const { agent, db, publish } = ctx;
  const { organizationId } = agent;
  await requireContact(ctx, id);
  const merged = await mergeContacts(db, organizationId, [id, otherId], agent.id);
  switch (merged.kind) {
    case "no_contact":
      throw noContact(merged.contactId);
    case "not_mergeable":
      throw new AppError(
        "contacts_not_mergeable",
        "Groups and contacts that are already merged cannot be merged.",
      );
    case "merged": {
      const { contactId, otherContactId } = merged;
      log("contacts_merged", { organizationId, contactId, otherContactId, agentId: agent.id });
      await publish(merged.committed);
      return await requireContact(ctx, contactId);
    }
  }
}

/** A contact, with what it is or was known by. Throws `not_found`. */
export async function requireContact({ agent, db }: ActionContext, id: number): Promise<ContactDetails> {
  const contact = await findContact(db, agent.organizationId, id);
  if (!contact) throw noContact(id);
  return contact;
}

export function noContact(id: number): AppError {
  return new AppError("not_found", `No such contact: ${id}.`);
}
