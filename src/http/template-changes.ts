import { createRoute } from "@hono/zod-openapi";
import { createTemplate, deleteTemplate, editTemplate } from "../actions/change-template.ts";
import { syncAllTemplates } from "../actions/sync-templates.ts";
import { templateCreation, templateEdit } from "../whatsapp/outbound/template-definition.ts";
import { created, forAdmins, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { phoneParams, synced, template, templateParams } from "./template-schemas.ts";
import { templateRow } from "./templates.ts";

const refused = problemResponses("not_found", "meta_refused");

const postTemplate = createRoute({
  method: "post",
  path: "/{id}/templates",
  operationId: "createTemplate",
  summary: "Create a template for Meta to review",
  description: "The body is Meta's own object, within Meta's limits. For admins.",
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(templateCreation) },
  responses: { 201: created("The template, pending review.", template), ...refused },
});

const patchTemplate = createRoute({
  method: "patch",
  path: "/{id}/templates/{templateId}",
  operationId: "editTemplate",
  summary: "Edit a template, which Meta reviews again",
  description:
    "Given fields replace the current ones. Meta allows one edit a day of an approved template. For admins.",
  ...forAdmins,
  request: { params: templateParams, body: jsonBody(templateEdit) },
  responses: { 200: json("The template.", template), ...refused },
});

const removeTemplate = createRoute({
  method: "delete",
  path: "/{id}/templates/{templateId}",
  operationId: "deleteTemplate",
  summary: "Delete a template in one language",
  description: "Meta reserves the name of an approved template for 30 days. For admins.",
  ...forAdmins,
  request: { params: templateParams },
  responses: { 200: json("The template, now DELETED.", template), ...refused },
});

const postSync = createRoute({
  method: "post",
  path: "/{id}/templates/sync",
  operationId: "syncTemplates",
  summary: "Sync all templates of the phone's account from Meta",
  description: "Templates that Meta no longer has become DELETED. For admins.",
  ...forAdmins,
  request: { params: phoneParams },
  responses: { 200: json("The result of the sync.", synced), ...refused },
});

/** Mounted at `/api/waba/phones`, behind `requireAgent`. */
export const templateChangeRoutes = newRouter()
  .openapi(postTemplate, async (c) => {
    const { id } = c.req.valid("param");
    const made = await createTemplate(c.var.ctx, id, c.req.valid("json"));
    c.header("Location", `/api/waba/phones/${id}/templates/${made.id}`);
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
