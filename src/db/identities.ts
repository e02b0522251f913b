import type { IdentityChange } from "../domain/identity-change.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { CommittedRows } from "./committed.ts";

/** Two of an organization's contacts, by our own ids. */
export type ContactPair = { organizationId: number; contactId: number; otherContactId: number };

/** Who turned out to be one person, and who has used one phone number without being one as far as Meta says. */
export type IdentityOutcome = { merges: (ContactPair & { mergeId: number })[]; conflicts: ContactPair[] };

/** What the SQL function `settle_identities` returns. */
export type CommittedIdentityRows = IdentityOutcome & { committed: CommittedRows };

/**
 * What `ingest` does not look at: the user id that a status tells of the phone we sent to (in a group it is not the group's),
 * and the id that a person has over all portfolios of a managed business.
 */
export function sightingsOf(events: InboundEvent[]): Record<string, unknown>[] {
  return events.flatMap((event) => {
    if (event.kind === "notice") return [];
    const { kind, phoneNumberId, contact, at } = event;
    const isTold =
      event.kind === "message"
        ? event.contact.parentUserId !== undefined
        : contact.phone !== null && contact.userId !== null && event.participant === "";
    const { phone, userId } = contact;
    const parentUserId = event.kind === "message" ? event.contact.parentUserId : undefined;
    return isTold
      ? [{ makesContact: kind === "message", phoneNumberId, phone, userId, parentUserId, at }]
      : [];
  });
}

/** The changes that messages tell of, each with the number that was told. */
export function identityChangesOf(
  events: InboundEvent[],
): { phoneNumberId: string; change: IdentityChange }[] {
  return events.flatMap((event) =>
    event.kind === "message" && event.identityChange
      ? [{ phoneNumberId: event.phoneNumberId, change: event.identityChange }]
      : [],
  );
}
