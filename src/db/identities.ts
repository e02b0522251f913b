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
 * People whom the plain look-up of `ingest` ignores: those with an id over all portfolios of a managed business, and the member
 * of a group who wrote.
 */
export function sightingsOf(events: InboundEvent[]): Record<string, unknown>[] {
  return events.flatMap((event): Record<string, unknown>[] => {
    if (event.kind !== "message") return [];
    const { phoneNumberId, contact, member, at } = event;
    if (member) return [{ phoneNumberId, ...member, at }];
    const { phone, userId, parentUserId } = contact;
    return parentUserId === undefined ? [] : [{ phoneNumberId, phone, userId, parentUserId, at }];
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
