import { createRoute } from "@hono/zod-openapi";
import { requireAccount, requireTemplate } from "../actions/require-phone.ts";
import { pageOfTemplates, type StoredTemplate, type TemplatePosition } from "../db/templates.ts";
import { describeTemplate, fillStored, type TemplateValues } from "../whatsapp/stored-template.ts";
import { listPage } from "./list-page.ts";
import { forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import {
  openTemplate,
  phoneParams,
  previewed,
  previewRequest,
  templateList,
  templateListQuery,
  templateParams,
} from "./template-schemas.ts";

const listTemplates = createRoute({
  method: "get",
  path: "/{id}/templates",
  operationId: "listTemplates",
  summary: "List the templates of a phone by name",
  description: "As of the last sync and Meta's webhooks since.",
  ...forAgents,
  request: { params: phoneParams, query: templateListQuery },
  responses: {
    200: json("A page of templates.", templateList),
    ...problemResponses("not_found", "invalid_cursor"),
  },
});

const getTemplate = createRoute({
  method: "get",
  path: "/{id}/templates/{templateId}",
  operationId: "getTemplate",
  summary: "Read a template with the form of its variables",
  description: "The form has one field for each variable; its keys are those that a preview takes.",
  ...forAgents,
  request: { params: templateParams },
  responses: { 200: json("The template.", openTemplate), ...problemResponses("not_found") },
});

const postPreview = createRoute({
  method: "post",
  path: "/{id}/templates/{templateId}/preview",
  operationId: "previewTemplate",
  summary: "Preview a template with values",
  description: "Returns what the customer will see, what to send, and what Meta would reject. Sends nothing.",
  ...forAgents,
  request: { params: templateParams, body: jsonBody(previewRequest) },
  responses: { 200: json("The filled template.", previewed), ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/phones`, behind `requireAgent`. */
export const templateRoutes = newRouter()
  .openapi(listTemplates, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    const { id } = c.req.valid("param");
    const account = await requireAccount(c.var.ctx, id);
    const { data, ...cursors } = await listPage({
      name: `phones/${id}/templates?${JSON.stringify(filter)}`,
      query: { cursor, limit },
      isPlace: isPosition,
      read: (after, count) => pageOfTemplates(c.var.ctx.db, account, filter, after, count),
      placeOf: ({ name, language }) => ({ name, language }),
    });
    return c.json({ data: data.map(templateRow), ...cursors }, 200);
  })
  .openapi(getTemplate, async (c) => {
    const { id, templateId } = c.req.valid("param");
    const template = await requireTemplate(c.var.ctx, id, templateId);
    return c.json({ ...templateRow(template), ...describeTemplate(template) }, 200);
  })
  .openapi(postPreview, async (c) => {
    const { id, templateId } = c.req.valid("param");
    const { values } = c.req.valid("json");
    const template = await requireTemplate(c.var.ctx, id, templateId);
    // The check reports every value that does not fit its variable.
    const { preview, template: send, errors } = fillStored(template, values as TemplateValues);
    return c.json({ preview, template: { ...send }, errors }, 200);
  });

/** A template as the API returns it. */
export function templateRow(template: StoredTemplate) {
  const { id, wabaId, metaId, name, language, category, parameterFormat, components, status } = template;
  const { quality, reason, statusAt, syncedAt, updatedAt } = template;
  return {
    ...{ id, wabaId, metaId, name, language, category, parameterFormat, components, status, quality, reason },
    statusAt: statusAt?.toISOString() ?? null,
    syncedAt: syncedAt?.toISOString() ?? null,
    updatedAt: updatedAt.toISOString(),
  };
}

function isPosition(place: unknown): place is TemplatePosition {
  if (typeof place !== "object" || place === null || !("name" in place) || !("language" in place))
    return false;
  return isText(place.name) && isText(place.language);
}

/** Whether Postgres can store this text. */
function isText(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}
