import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { eraseContact } from "../actions/erase-contact.ts";
import { mergeTwoContacts, requireContact } from "../actions/merge-contacts.ts";
import { nameContactOf } from "../actions/name-contact.ts";
import { undoContactMerge } from "../actions/undo-merge.ts";
import { identityKinds } from "../domain/contact.ts";
import { cleanText } from "../whatsapp/clean-text.ts";
import { forAdmins, forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { contact, id, idInPath, moment } from "./schemas.ts";

const contactParams = z.object({ id: idInPath.meta({ description: "The contact's id." }) });
const mergeParams = z.object({ id: idInPath.meta({ description: "The merge's id." }) });

/** `contactId`: the contact to merge with the one in the path. */
const mergeRequest = z.strictObject({ contactId: id }).meta({ id: "MergeRequest" });

const NAME_LENGTH = 200;

const contactPatch = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(NAME_LENGTH)
      .regex(/^\P{Cc}*$/u, "no control characters")
      .transform((name) => cleanText(name))
      .nullable()
      .meta({ description: "The name that agents see; null returns to the contact's own names." }),
  })
  .meta({ id: "ContactPatch" });

/** @internal */
export const contactDetails = contact
  .extend({
    parentUserId: z.string().nullable(),
    mergedIntoId: id.nullable(),
    identities: z.array(
      z.object({
        kind: z.enum(identityKinds).meta({
          description: "`dialled`: a number that an agent typed; Meta may know the person by another one.",
        }),
        value: z.string(),
        isCurrent: z.boolean(),
        createdAt: moment,
        endedAt: moment.nullable(),
      }),
    ),
    names: z
      .array(z.object({ name: z.string().nullable(), agentId: id, createdAt: moment }))
      .meta({ description: "The names that agents gave them, newest first." }),
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

const getContact = createRoute({
  method: "get",
  path: "/{id}",
  operationId: "getContact",
  summary: "Read a contact with its current and past identities",
  description: "Includes the names that agents gave it and its merges, newest first.",
  ...forAgents,
  request: { params: contactParams },
  responses: { 200: json("The contact.", contactDetails), ...problemResponses("not_found") },
});

const patchContact = createRoute({
  method: "patch",
  path: "/{id}",
  operationId: "updateContact",
  summary: "Name a contact",
  description:
    "Agents see this name in all chats with the contact, whatever name Meta reports later. `profileName` stays beside it.",
  ...forAgents,
  request: { params: contactParams, body: jsonBody(contactPatch) },
  responses: { 200: json("The contact.", contact), ...problemResponses("not_found") },
});

const erased = z
  .object({ messages: z.int().min(0).meta({ description: "How many messages were deleted." }) })
  .meta({ id: "ErasedContact" });

const deleteContact = createRoute({
  method: "delete",
  path: "/{id}",
  operationId: "eraseContact",
  summary: "Erase a person",
  description:
    "Deletes the contact and all that was merged into it, with chats, messages, notes, files, raw webhooks and the event log. Cannot be undone. The audit log keeps who did it and the number of messages. Repeat the call after an error. For admins.",
  ...forAdmins,
  request: { params: contactParams },
  responses: {
    200: json("The person is erased.", erased),
    ...problemResponses("not_found"),
  },
});

const postMerge = createRoute({
  method: "post",
  path: "/{id}/merge",
  operationId: "mergeContacts",
  summary: "Merge two contacts",
  description:
    "Keeps the older contact, with one chat per phone that receives the other's messages. Can be undone. For admins.",
  ...forAdmins,
  request: { params: contactParams, body: jsonBody(mergeRequest) },
  responses: {
    200: json("The kept contact.", contactDetails),
    ...problemResponses("not_found", "contacts_not_mergeable"),
  },
});

const postUndo = createRoute({
  method: "post",
  path: "/{id}/undo",
  operationId: "undoMerge",
  summary: "Undo a merge of two contacts",
  description: "Messages since the merge stay with the kept contact. For admins.",
  ...forAdmins,
  request: { params: mergeParams },
  responses: {
    200: json("The kept contact.", contactDetails),
    ...problemResponses("not_found", "merge_not_open"),
  },
});

/** Mounted at `/api/waba/contacts`, behind `requireAgent`. */
export const contactRoutes = newRouter()
  .openapi(getContact, async (c) => {
    return c.json(await requireContact(c.var.ctx, c.req.valid("param").id), 200);
  })
  .openapi(patchContact, async (c) => {
    const { name } = c.req.valid("json");
    return c.json(await nameContactOf(c.var.ctx, c.req.valid("param").id, name), 200);
  })
  .openapi(deleteContact, async (c) => {
    return c.json(await eraseContact(c.var.ctx, c.req.valid("param").id), 200);
  })
  .openapi(postMerge, async (c) => {
    const { contactId } = c.req.valid("json");
    return c.json(await mergeTwoContacts(c.var.ctx, c.req.valid("param").id, contactId), 200);
  });

/** Mounted at `/api/waba/contact-merges`, behind `requireAgent`. */
export const contactMergeRoutes = newRouter().openapi(postUndo, async (c) => {
  return c.json(await undoContactMerge(c.var.ctx, c.req.valid("param").id), 200);
});
