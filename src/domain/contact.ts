import type { Contact } from "./chat.ts";

/** A contact with all that it is or was known by, as admins see it. */
export type ContactDetails = Contact & {
  parentUserId: string | null;
  /** The contact that this one turned out to be. */
  mergedIntoId: number | null;
  identities: ContactIdentity[];
  /** The names that agents gave them, newest first. */
  names: ContactName[];
  /** Newest first. */
  merges: ContactMerge[];
};

/** `dialled`: a number that an agent typed, and that Meta has not named: Meta may know the person by another one. */
export const identityKinds = ["phone", "dialled", "userId", "parentUserId"] as const;
export type IdentityKind = (typeof identityKinds)[number];

/**
 * `createdAt`: Meta's time of the change that introduced it, or of the first sighting (ours for a dialled number);
 * `endedAt`: of the change after which it was this person's no more.
 */
export type ContactIdentity = {
  kind: IdentityKind;
  value: string;
  isCurrent: boolean;
  createdAt: string;
  endedAt: string | null;
};

/** A name that an agent gave a contact; null where the agent removed it. */
export type ContactName = { name: string | null; agentId: number; createdAt: string };

/** Two contacts that became one; `agentId` is null where Meta said so. */
export type ContactMerge = {
  id: number;
  contactId: number;
  mergedContactId: number;
  agentId: number | null;
  createdAt: string;
  undoneAt: string | null;
};
