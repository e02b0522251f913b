import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { mergeTwoContacts, requireContact } from "../actions/merge-contacts.ts";
import { undoContactMerge } from "../actions/undo-merge.ts";
import { forAdmins, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { contact, id, idInPath, moment } from "./schemas.ts";

// Who is outside, for admins: what a contact is or was known by, and which contacts were made one.

const contactParams = z.object({ id: idInPath.meta({ description: "The contact's id." }) });
const mergeParams = z.object({ id: idInPath.meta({ description: "The merge's id." }) });

/** `contactId`: the other one. */
const mergeRequest = z.strictObject({ contactId: id }).meta({ id: "MergeRequest" });

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
  summary: "Read a contact, with all that it is or was known by",
  description: "With its merges, newest first. For admins.",
  ...forAdmins,
  request: { params: contactParams },
  responses: { 200: json("The contact as it is now.", contactDetails), ...problemResponses("not_found") },
});

const postMerge = createRoute({
  method: "post",
  path: "/{id}/merge",
  summary: "Make two contacts one",
  description:
    "The older is kept, with one chat per number, into which the other's messages go. For admins; it can be taken back.",
  ...forAdmins,
  request: { params: contactParams, body: jsonBody(mergeRequest) },
  responses: {
    200: json("The contact that was kept.", contactDetails),
    ...problemResponses("not_found", "contacts_not_mergeable"),
  },
});

const postUndo = createRoute({
  method: "post",
  path: "/{id}/undo",
  summary: "Take a merge of two contacts back",
  description: "What was written since stays with the one that was kept. For admins.",
  ...forAdmins,
  request: { params: mergeParams },
  responses: {
    200: json("The contact that was kept.", contactDetails),
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
