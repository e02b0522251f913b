import { createRoute } from "@hono/zod-openapi";
import type { z } from "zod";
import { changeChatOf } from "../actions/change-chat.ts";
import { noChat } from "../actions/require-chat.ts";
import { activitiesBefore, type ChatChange, MOST_LABELS } from "../db/chat-changes.ts";
import { invalidField } from "../errors.ts";
import { activityList, chatPatch } from "./chat-schemas.ts";
import { isSeqPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { chatParams, idInPath, listQuery, openChat } from "./schemas.ts";

const changed = json("The chat as it is now.", openChat);

const patchChat = createRoute({
  method: "patch",
  path: "/{id}",
  operationId: "changeChat",
  summary: "Assign, close, reopen or snooze a chat",
  description:
    "One change at a time, as one numbered event. A closed or snoozed chat opens when the customer writes, a snoozed one also at its time.",
  ...forAgents,
  request: { params: chatParams, body: jsonBody(chatPatch) },
  responses: { 200: changed, ...problemResponses("not_found", "stale_version") },
});

const postUnread = createRoute({
  method: "post",
  path: "/{id}/unread",
  operationId: "markChatUnread",
  summary: "Mark a chat as unread",
  description: "For the whole team, until somebody reads it. The customer does not see it.",
  ...forAgents,
  request: { params: chatParams },
  responses: { 200: changed, ...problemResponses("not_found") },
});

const labelParams = chatParams.extend({ labelId: idInPath.meta({ description: "The label's id." }) });

const putLabel = createRoute({
  method: "put",
  path: "/{id}/labels/{labelId}",
  operationId: "labelChat",
  summary: "Put a label on a chat",
  description: `A chat has at most ${MOST_LABELS}.`,
  ...forAgents,
  request: { params: labelParams },
  responses: { 200: changed, ...problemResponses("not_found") },
});

const removeLabel = createRoute({
  method: "delete",
  path: "/{id}/labels/{labelId}",
  operationId: "unlabelChat",
  summary: "Take a label off a chat",
  description: "A chat without it stays as it is.",
  ...forAgents,
  request: { params: labelParams },
  responses: { 200: changed, ...problemResponses("not_found") },
});

const listActivities = createRoute({
  method: "get",
  path: "/{id}/activities",
  operationId: "listActivities",
  summary: "List what agents did with a chat, newest first",
  description: "Assigned, closed, snoozed and so on, for the lines of the thread. New ones come with events.",
  ...forAgents,
  request: { params: chatParams, query: listQuery },
  responses: {
    200: json("A page of activities.", activityList),
    ...problemResponses("not_found", "invalid_cursor"),
  },
});

/** Mounted at `/api/waba/chats`, behind `requireAgent`. */
export const chatChangeRoutes = newRouter()
  .openapi(patchChat, async (c) => {
    const change = toChange(c.req.valid("json"), c.var.ctx.agent.id, c.var.ctx.now());
    return c.json(await changeChatOf(c.var.ctx, c.req.valid("param").id, change), 200);
  })
  .openapi(postUnread, async (c) => {
    return c.json(await changeChatOf(c.var.ctx, c.req.valid("param").id, { kind: "unread" }), 200);
  })
  .openapi(putLabel, async (c) => {
    const { id, labelId } = c.req.valid("param");
    return c.json(await changeChatOf(c.var.ctx, id, { kind: "label", labelId }), 200);
  })
  .openapi(removeLabel, async (c) => {
    const { id, labelId } = c.req.valid("param");
    return c.json(await changeChatOf(c.var.ctx, id, { kind: "unlabel", labelId }), 200);
  })
  .openapi(listActivities, async (c) => {
    const { id } = c.req.valid("param");
    const { agent, db } = c.var.ctx;
    const page = await listPage({
      name: `chats/${id}/activities`,
      query: c.req.valid("query"),
      isPlace: isSeqPlace,
      read: async (before, count) => {
        const key = { id, organizationId: agent.organizationId };
        const activities = await activitiesBefore(db, key, before?.seq ?? null, count);
        if (!activities) throw noChat(id);
        return activities;
      },
      placeOf: ({ seq }) => ({ seq }),
    });
    return c.json(page, 200);
  });

function toChange(
  { assigneeId, ifAssigneeId, status, snoozedUntil }: z.infer<typeof chatPatch>,
  me: number,
  now: Date,
): ChatChange {
  if (assigneeId !== undefined)
    return { kind: "assign", assigneeId: assigneeId === "me" ? me : assigneeId, ifAssigneeId };
  const until = snoozedUntil === undefined ? null : new Date(snoozedUntil);
  if (until && until <= now) throw invalidField("/snoozedUntil", "snoozedUntil must be in the future.");
  return { kind: "status", status: status ?? "open", snoozedUntil: until };
}
