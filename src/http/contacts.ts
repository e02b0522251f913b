import { createRoute } from "@hono/zod-openapi";
import { mergeTwoContacts, requireContact } from "../actions/merge-contacts.ts";
import { undoContactMerge } from "../actions/undo-merge.ts";
import { requireAdmin } from "./auth.ts";
import { contactDetails, contactParams, mergeParams, mergeRequest } from "./contacts-contract.ts";
import { bearer, guarded, json, jsonBody, refusals } from "./declare.ts";
import { newRouter } from "./router.ts";

const getContact = createRoute({
  method: "get",
  path: "/{id}",
  summary: "Read a contact, with all that it is or was known by",
  description: "With its merges, newest first. For admins.",
  security: bearer,
  middleware: requireAdmin,
  request: { params: contactParams },
  responses: { 200: json("The contact as it is now.", contactDetails), ...refusals(...guarded, "not_found") },
});

const postMerge = createRoute({
  method: "post",
  path: "/{id}/merge",
  summary: "Make two contacts one",
  description:
    "The older is kept, with one chat per number, into which the other's messages go. For admins; it can be taken back.",
  security: bearer,
  middleware: requireAdmin,
  request: { params: contactParams, body: jsonBody(mergeRequest) },
  responses: {
    200: json("The contact that was kept.", contactDetails),
    ...refusals(...guarded, "not_found", "contacts_not_mergeable"),
  },
});

const postUndo = createRoute({
  method: "post",
  path: "/{id}/undo",
  summary: "Take a merge of two contacts back",
  description: "What was written since stays with the one that was kept. For admins.",
  security: bearer,
  middleware: requireAdmin,
  request: { params: mergeParams },
  responses: {
    200: json("The contact that was kept.", contactDetails),
    ...refusals(...guarded, "not_found", "merge_not_open"),
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
