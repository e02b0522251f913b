import { nameContact } from "../db/contacts.ts";
import type { Contact } from "../domain/chat.ts";
import type { ActionContext } from "./context.ts";
import { noContact, requireContact } from "./merge-contacts.ts";

/**
 * Gives a contact the name that agents see, or with null removes it, and publishes that in all of the contact's chats. Nothing
 * that Meta reports later replaces it. The name of a merged contact is given to the one that it was merged into, which is
 * returned. Throws `not_found`.
 */
export async function nameContactOf(ctx: ActionContext, id: number, name: string | null): Promise<Contact> {
  const { agent, db, now, publish } = ctx;
  const named = await nameContact(db, { id, organizationId: agent.organizationId }, name, agent.id, now());
  if (!named) throw noContact(id);
  await publish(named.committed);
  const { parentUserId, mergedIntoId, identities, names, merges, ...contact } = await requireContact(
    ctx,
    named.contactId,
  );
  return contact;
}
