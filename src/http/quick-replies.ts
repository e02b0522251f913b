import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { removeQuickReply, saveQuickReply } from "../actions/save-quick-reply.ts";
import { MOST_QUICK_REPLIES, pageOfQuickReplies } from "../db/quick-replies.ts";
import { cleanText } from "../whatsapp/clean-text.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { created, forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { id, idInPath, listQuery, page } from "./schemas.ts";

const TEXT_CHARS = 4_096;

const quickReply = z
  .object({ id, shortcut: z.string(), text: z.string() })
  .meta({ id: "QuickReply", description: "`{{contact.name}}` in the text is for the page to fill in." });
const quickReplyList = z.object({ data: z.array(quickReply), ...page }).meta({ id: "QuickReplyList" });
const quickReplyValues = z
  .strictObject({
    shortcut: z
      .string()
      .regex(/^[\p{L}\p{N}_-]{1,32}$/u, "1 to 32 letters, digits, - or _, without the slash"),
    text: z
      .string()
      .min(1)
      .max(TEXT_CHARS)
      .transform((text) => cleanText(text)),
  })
  .meta({ id: "QuickReplyValues", examples: [{ shortcut: "hello", text: "Hello {{contact.name}}!" }] });
const quickReplyParams = z.object({ id: idInPath.meta({ description: "The quick reply's id." }) });

const listQuickReplies = createRoute({
  method: "get",
  path: "/",
  operationId: "listQuickReplies",
  summary: "List the organization's quick replies",
  description: "Texts that agents insert by their shortcut.",
  ...forAgents,
  request: { query: listQuery },
  responses: { 200: json("A page of quick replies.", quickReplyList), ...problemResponses("invalid_cursor") },
});

const postQuickReply = createRoute({
  method: "post",
  path: "/",
  operationId: "createQuickReply",
  summary: "Create a quick reply",
  description: `At most ${MOST_QUICK_REPLIES}. The same again returns the same one.`,
  ...forAgents,
  request: { body: jsonBody(quickReplyValues) },
  responses: { 201: created("The quick reply.", quickReply), ...problemResponses() },
});

const putQuickReply = createRoute({
  method: "put",
  path: "/{id}",
  operationId: "changeQuickReply",
  summary: "Change a quick reply",
  description: "For all agents of the organization.",
  ...forAgents,
  request: { params: quickReplyParams, body: jsonBody(quickReplyValues) },
  responses: { 200: json("The quick reply.", quickReply), ...problemResponses("not_found") },
});

const deleteQuickReply = createRoute({
  method: "delete",
  path: "/{id}",
  operationId: "deleteQuickReply",
  summary: "Delete a quick reply",
  description: "For all agents of the organization.",
  ...forAgents,
  request: { params: quickReplyParams },
  responses: { 204: { description: "It is deleted." }, ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/quick-replies`, behind `requireAgent`. */
export const quickReplyRoutes = newRouter()
  .openapi(listQuickReplies, async (c) => {
    const { agent, db } = c.var.ctx;
    const found = await listPage({
      name: "quick-replies",
      query: c.req.valid("query"),
      isPlace: isIdPlace,
      read: (after, count) => pageOfQuickReplies(db, agent.organizationId, after?.id ?? null, count),
      placeOf: ({ id }) => ({ id }),
    });
    return c.json(found, 200);
  })
  .openapi(postQuickReply, async (c) => {
    const saved = await saveQuickReply(c.var.ctx, null, c.req.valid("json"));
    c.header("Location", `/api/waba/quick-replies/${saved.id}`);
    return c.json(saved, 201);
  })
  .openapi(putQuickReply, async (c) => {
    return c.json(await saveQuickReply(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200);
  })
  .openapi(deleteQuickReply, async (c) => {
    await removeQuickReply(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });
