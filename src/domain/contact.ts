import type { Contact } from "./chat.ts";

/** A contact with all that it is or was known by, as admins see it. */
export type ContactDetails = Contact & {
  parentUserId: string | null;
  groupId: string | null;
  /** The contact that this one turned out to be. */
  mergedIntoId: number | null;
  identities: ContactIdentity[];
  /** Newest first. */
  merges: ContactMerge[];
};

/** `createdAt`: Meta's time of the first sighting; `endedAt`: of the change after which it was this person's no more. */
export type ContactIdentity = {
  kind: "phone" | "userId" | "parentUserId";
  value: string;
  isCurrent: boolean;
  createdAt: string;
  endedAt: string | null;
};

/** Two contacts that became one; `agentId` is null where Meta said so. */
export type ContactMerge = {
  id: number;
  contactId: number;
  mergedContactId: number;
  agentId: number | null;
  createdAt: string;
  undoneAt: string | null;
};
