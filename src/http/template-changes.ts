import { createRoute } from "@hono/zod-openapi";
import { createTemplate, deleteTemplate, editTemplate } from "../actions/change-template.ts";
import { syncAllTemplates } from "../actions/sync-templates.ts";
import { templateCreation, templateEdit } from "../whatsapp/outbound/template-definition.ts";
import { forAdmins, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { phoneParams, synced, template, templateParams } from "./template-schemas.ts";
import { templateRow } from "./templates.ts";

const refused = problemResponses("not_found", "meta_refused");

const postTemplate = createRoute({
  method: "post",
  path: "/{id}/templates",
  summary: "Make a template, which Meta then reviews",
  description: "In Meta's own form and within its limits. For admins.",
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(templateCreation) },
  responses: { 201: json("The template, waiting for Meta.", template), ...refused },
});

const patchTemplate = createRoute({
  method: "patch",
  path: "/{id}/templates/{templateId}",
  summary: "Change a template, which Meta then reviews again",
  description: "What is given replaces what was. An approved one once a day. For admins.",
  ...forAdmins,
  request: { params: templateParams, body: jsonBody(templateEdit) },
  responses: { 200: json("The template as it is now.", template), ...refused },
});

const removeTemplate = createRoute({
  method: "delete",
  path: "/{id}/templates/{templateId}",
  summary: "Delete a template in this language",
  description: "The name of an approved one stays taken at Meta for 30 days. For admins.",
  ...forAdmins,
  request: { params: templateParams },
  responses: { 200: json("The template, which is DELETED.", template), ...refused },
});

const postSync = createRoute({
  method: "post",
  path: "/{id}/templates/sync",
  summary: "Read all templates of the number's account from Meta",
  description: "What Meta has no more is DELETED. For admins.",
  ...forAdmins,
  request: { params: phoneParams },
  responses: { 200: json("What was found.", synced), ...refused },
});

/** Mounted at `/api/waba/phones`, behind `requireAgent`. */
export const templateChangeRoutes = newRouter()
  .openapi(postTemplate, async (c) => {
    const made = await createTemplate(c.var.ctx, c.req.valid("param").id, c.req.valid("json"));
    return c.json(templateRow(made), 201);
  })
  .openapi(postSync, async (c) => {
    return c.json(await syncAllTemplates(c.var.ctx, c.req.valid("param").id), 200);
  })
  .openapi(patchTemplate, async (c) => {
    const { id, templateId } = c.req.valid("param");
    return c.json(templateRow(await editTemplate(c.var.ctx, id, templateId, c.req.valid("json"))), 200);
  })
  .openapi(removeTemplate, async (c) => {
    const { id, templateId } = c.req.valid("param");
    return c.json(templateRow(await deleteTemplate(c.var.ctx, id, templateId)), 200);
  });
