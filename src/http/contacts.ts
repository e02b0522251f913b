import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { mergeTwoContacts, requireContact } from "../actions/merge-contacts.ts";
import { undoContactMerge } from "../actions/undo-merge.ts";
import { forAdmins, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { contact, id, idInPath, moment } from "./schemas.ts";

const contactParams = z.object({ id: idInPath.meta({ description: "The contact's id." }) });
const mergeParams = z.object({ id: idInPath.meta({ description: "The merge's id." }) });

/** `contactId`: the contact to merge with the one in the path. */
const mergeRequest = z.strictObject({ contactId: id }).meta({ id: "MergeRequest" });

/** @internal */
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

const getContact = createRoute({
  method: "get",
  path: "/{id}",
  operationId: "getContact",
  summary: "Read a contact with its current and past identities",
  description: "Includes its merges, newest first. For admins.",
  ...forAdmins,
  request: { params: contactParams },
  responses: { 200: json("The contact.", contactDetails), ...problemResponses("not_found") },
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
  .openapi(postMerge, async (c) => {
    const { contactId } = c.req.valid("json");
    return c.json(await mergeTwoContacts(c.var.ctx, c.req.valid("param").id, contactId), 200);
  });

/** Mounted at `/api/waba/contact-merges`, behind `requireAgent`. */
export const contactMergeRoutes = newRouter().openapi(postUndo, async (c) => {
  return c.json(await undoContactMerge(c.var.ctx, c.req.valid("param").id), 200);
});
