import { z } from "zod";
import { contact, id, idInPath, moment } from "./contract.ts";

// Who is outside, for admins: what a contact is or was known by, and which contacts were made one.

export const contactParams = z.object({ id: idInPath.meta({ description: "The contact's id." }) });
export const mergeParams = z.object({ id: idInPath.meta({ description: "The merge's id." }) });

/** `contactId`: the other one. */
export const mergeRequest = z.strictObject({ contactId: id }).meta({ id: "MergeRequest" });

export const contactDetails = contact
  .extend({
    parentUserId: z.string().nullable(),
    groupId: z.string().nullable(),
    mergedIntoId: id.nullable(),
    identities: z.array(
      z.object({
        kind: z.enum(["phone", "userId", "parentUserId"]),
        value: z.string(),
        isCurrent: z.boolean(),
        createdAt: moment,
        endedAt: moment.nullable(),
      }),
    ),
    merges: z.array(
      z.object({
        id,
        contactId: id,
        mergedContactId: id,
        agentId: id.nullable(),
        createdAt: moment,
        undoneAt: moment.nullable(),
      }),
    ),
  })
  .meta({ id: "ContactDetails" });
