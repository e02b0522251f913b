import type { IdentityChange } from "../domain/identity-change.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { CommittedRows } from "./committed.ts";

/** Two contacts of an organization. */
export type ContactPair = { organizationId: number; contactId: number; otherContactId: number };

/** Contacts that turned out to be one person and were merged, and contacts that shared a phone number without being one. */
export type IdentityOutcome = { merges: (ContactPair & { mergeId: number })[]; conflicts: ContactPair[] };

/** What the SQL function `settle_identities` returns. */
export type CommittedIdentityRows = IdentityOutcome & { committed: CommittedRows };

/**
 * Ids that the plain look-up of `ingest` ignores: the user id that a status reports for the phone we sent to (in a group it is
 * not the group's), and the id that a person has over all portfolios of a managed business.
 */
export function sightingsOf(events: InboundEvent[]): Record<string, unknown>[] {
  return events.flatMap((event) => {
    if (event.kind === "notice") return [];
    const { kind, phoneNumberId, contact, at } = event;
    const hasNewId =
      event.kind === "message"
        ? event.contact.parentUserId !== undefined
        : contact.phone !== null && contact.userId !== null && event.participant === "";
    const { phone, userId } = contact;
    const parentUserId = event.kind === "message" ? event.contact.parentUserId : undefined;
    return hasNewId
      ? [{ makesContact: kind === "message", phoneNumberId, phone, userId, parentUserId, at }]
      : [];
  });
}

/** The identity changes that messages report, each with the business number that received it. */
export function identityChangesOf(
  events: InboundEvent[],
): { phoneNumberId: string; change: IdentityChange }[] {
  return events.flatMap((event) =>
    event.kind === "message" && event.identityChange
      ? [{ phoneNumberId: event.phoneNumberId, change: event.identityChange }]
      : [],
  );
}
