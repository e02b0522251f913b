import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { removeLabel, saveLabel } from "../actions/save-label.ts";
import { MOST_LABELS_EACH, pageOfLabels } from "../db/labels.ts";
import { labelColors } from "../domain/label.ts";
import { cleanText } from "../whatsapp/clean-text.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { created, forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { id, idInPath, listQuery, page } from "./schemas.ts";

const color = z.enum(labelColors);
const label = z.object({ id, name: z.string(), color }).meta({ id: "Label" });
const labelList = z.object({ data: z.array(label), ...page }).meta({ id: "LabelList" });
const labelValues = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .regex(/^\P{Cc}*$/u, "no control characters")
      .transform((name) => cleanText(name)),
    color,
  })
  .meta({ id: "LabelValues" });
const labelParams = z.object({ id: idInPath.meta({ description: "The label's id." }) });

const listLabels = createRoute({
  method: "get",
  path: "/",
  operationId: "listLabels",
  summary: "List the organization's labels",
  description: "A chat has the ids of its own.",
  ...forAgents,
  request: { query: listQuery },
  responses: { 200: json("A page of labels.", labelList), ...problemResponses("invalid_cursor") },
});

const postLabel = createRoute({
  method: "post",
  path: "/",
  operationId: "createLabel",
  summary: "Create a label",
  description: `At most ${MOST_LABELS_EACH}. The same again returns the same label.`,
  ...forAgents,
  request: { body: jsonBody(labelValues) },
  responses: { 201: created("The label.", label), ...problemResponses() },
});

const putLabel = createRoute({
  method: "put",
  path: "/{id}",
  operationId: "changeLabel",
  summary: "Change a label",
  description: "On all chats that have it.",
  ...forAgents,
  request: { params: labelParams, body: jsonBody(labelValues) },
  responses: { 200: json("The label.", label), ...problemResponses("not_found") },
});

const deleteLabel = createRoute({
  method: "delete",
  path: "/{id}",
  operationId: "deleteLabel",
  summary: "Delete a label",
  description: "Chats may keep its id, which then means nothing.",
  ...forAgents,
  request: { params: labelParams },
  responses: { 204: { description: "It is deleted." }, ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/labels`, behind `requireAgent`. */
export const labelRoutes = newRouter()
  .openapi(listLabels, async (c) => {
    const { agent, db } = c.var.ctx;
    const found = await listPage({
      name: "labels",
      query: c.req.valid("query"),
      isPlace: isIdPlace,
      read: (after, count) => pageOfLabels(db, agent.organizationId, after?.id ?? null, count),
      placeOf: ({ id }) => ({ id }),
    });
    return c.json(found, 200);
  })
  .openapi(postLabel, async (c) => {
    const saved = await saveLabel(c.var.ctx, null, c.req.valid("json"));
    c.header("Location", `/api/waba/labels/${saved.id}`);
    return c.json(saved, 201);
  })
  .openapi(putLabel, async (c) => {
    return c.json(await saveLabel(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200);
  })
  .openapi(deleteLabel, async (c) => {
    await removeLabel(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });
