import { createRoute } from "@hono/zod-openapi";
import { requireAccount, requireTemplate } from "../actions/require-number.ts";
import { pageOfTemplates, type StoredTemplate, type TemplatePosition } from "../db/templates.ts";
import { describeTemplate, fillStored, type TemplateValues } from "../whatsapp/stored-template.ts";
import { readCursor, writeCursor } from "./cursor.ts";
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

const DEFAULT_LIMIT = 30;

const listTemplates = createRoute({
  method: "get",
  path: "/{id}/templates",
  summary: "List the templates that a number may send, by name",
  description: "As last synced, and kept current by Meta's webhooks.",
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
  summary: "Read a template, with the form to fill in",
  ...forAgents,
  request: { params: templateParams },
  responses: { 200: json("The template as it is now.", openTemplate), ...problemResponses("not_found") },
});

const postPreview = createRoute({
  method: "post",
  path: "/{id}/templates/{templateId}/preview",
  summary: "Fill a template in: what the customer will see, what to send, and what Meta would refuse",
  description: "Sends nothing.",
  ...forAgents,
  request: { params: templateParams, body: jsonBody(previewRequest) },
  responses: { 200: json("The filled template.", previewed), ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/phones`, behind `requireAgent`. */
export const templateRoutes = newRouter()
  .openapi(listTemplates, async (c) => {
    const { cursor, limit = DEFAULT_LIMIT, ...filter } = c.req.valid("query");
    const { id } = c.req.valid("param");
    const account = await requireAccount(c.var.ctx, id);
    const list = `phones/${id}/templates?${JSON.stringify(filter)}`;
    const after = cursor === undefined ? null : readCursor(list, cursor, isPosition);
    // One more than asked for tells whether there is a next page.
    const rows = await pageOfTemplates(c.var.ctx.db, account, filter, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor =
      rows.length > limit && last ? writeCursor(list, { name: last.name, language: last.language }) : null;
    return c.json({ data: shown.map(templateRow), nextCursor, prevCursor: null }, 200);
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
    // Whatever is no value for its place is named by the check.
    const { preview, template: send, errors } = fillStored(template, values as TemplateValues);
    return c.json({ preview, template: { ...send }, errors }, 200);
  });

/** As the API shows it. */
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

/** Text that Postgres can hold. */
function isText(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}
