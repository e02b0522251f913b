import { createRoute } from "@hono/zod-openapi";
import { blockContact } from "../actions/block-contact.ts";
import { markRead } from "../actions/mark-read.ts";
import { requireChat } from "../actions/require-chat.ts";
import { showTypingIn } from "../actions/show-typing.ts";
import { type ChatPosition, countChats, pageOfChats } from "../db/chats.ts";
import { MOST_COUNTED } from "../domain/chat.ts";
import { chatCounts, chatCountsQuery, chatListQuery, readRequest } from "./chat-schemas.ts";
import { isId, isMoment } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { chatList, chatParams, openChat } from "./schemas.ts";

const listChats = createRoute({
  method: "get",
  path: "/",
  operationId: "listChats",
  summary: "List chats, newest activity first",
  description:
    "One chat for each customer and phone. A cursor belongs to its filters. `countChats` counts what these lists have.",
  ...forAgents,
  request: { query: chatListQuery },
  responses: { 200: json("A page of chats.", chatList), ...problemResponses("invalid_cursor") },
});

const getCounts = createRoute({
  method: "get",
  path: "/",
  operationId: "countChats",
  summary: "Count my chats, the unassigned ones and all",
  description: `Under the same filters as the list. A count ends at ${MOST_COUNTED}, which means as many or more.`,
  ...forAgents,
  request: { query: chatCountsQuery },
  responses: { 200: json("The counts.", chatCounts), ...problemResponses() },
});

const getChat = createRoute({
  method: "get",
  path: "/{id}",
  operationId: "getChat",
  summary: "Read a chat",
  description: "A socket resumes from `head` and `epoch`.",
  ...forAgents,
  request: { params: chatParams },
  responses: { 200: json("The chat as it is now.", openChat), ...problemResponses("not_found") },
});

const postRead = createRoute({
  method: "post",
  path: "/{id}/read",
  operationId: "markChatRead",
  summary: "Mark a chat as read and send a read receipt",
  description: "Up to `seq`, or all that is there. Meta shows the customer that the messages were read.",
  ...forAgents,
  request: { params: chatParams, body: { ...jsonBody(readRequest), required: false } },
  responses: { 200: json("The chat as it is now.", openChat), ...problemResponses("not_found") },
});

const blocking = {
  ...forAgents,
  request: { params: chatParams },
  responses: {
    200: json("The chat as it is now.", openChat),
    ...problemResponses("not_found", "meta_refused"),
  },
} as const;

const postBlock = createRoute({
  ...blocking,
  method: "post",
  path: "/{id}/block",
  operationId: "blockContact",
  summary: "Block the customer at Meta",
  description: "Meta only blocks customers who wrote within the last 24 hours.",
});

const removeBlock = createRoute({
  ...blocking,
  method: "delete",
  path: "/{id}/block",
  operationId: "unblockContact",
  summary: "Unblock the customer at Meta",
  description: "The customer can write and be written to again.",
});

const postTyping = createRoute({
  method: "post",
  path: "/{id}/typing",
  operationId: "showTyping",
  summary: "Show the customer a typing indicator",
  description:
    "Lasts 25 seconds, or until the next message. Meta also marks the customer's messages as read. Does not wait for Meta.",
  ...forAgents,
  request: { params: chatParams },
  responses: { 204: { description: "The request was sent to Meta." }, ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/chats`, behind `requireAgent`. */
export const chatRoutes = newRouter()
  .openapi(listChats, async (c) => {
    const { cursor, limit, ...query } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const { assignee, unread, mentioned, ...rest } = query;
    const filter = {
      ...rest,
      ...(assignee && { assigneeId: assignee === "me" ? agent.id : null }),
      ...(unread && { unread: true }),
      ...(mentioned && { mentionedId: agent.id }),
    };
    const { data, ...cursors } = await listPage({
      name: `chats?${JSON.stringify(filter)}`,
      query: { cursor, limit },
      isPlace: isChatPosition,
      read: (after, count) => pageOfChats(db, agent.organizationId, filter, after, count),
      placeOf: ({ position }) => position,
    });
    return c.json({ data: data.map(({ chat }) => chat), ...cursors }, 200);
  })
  .openapi(getChat, async (c) => {
    return c.json(await requireChat(c.var.ctx, c.req.valid("param").id), 200);
  })
  .openapi(postRead, async (c) => {
    const { seq = null } = c.req.valid("json") ?? {};
    return c.json(await markRead(c.var.ctx, c.req.valid("param").id, seq), 200);
  })
  .openapi(postBlock, async (c) => {
    return c.json(await blockContact(c.var.ctx, c.req.valid("param").id, true), 200);
  })
  .openapi(removeBlock, async (c) => {
    return c.json(await blockContact(c.var.ctx, c.req.valid("param").id, false), 200);
  })
  .openapi(postTyping, async (c) => {
    await showTypingIn(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });

function isChatPosition(place: unknown): place is ChatPosition {
  if (typeof place !== "object" || place === null || !("id" in place) || !("lastMessageAt" in place))
    return false;
  return isId(place.id) && typeof place.lastMessageAt === "string" && isMoment(place.lastMessageAt);
}

/** Beside the chats, not below: `chats/counts` and `chats/:id` would cost every request to a chat Hono's fast router. */
export const chatCountRoutes = newRouter().openapi(getCounts, async (c) => {
  const { agent, db } = c.var.ctx;
  const who = { organizationId: agent.organizationId, agentId: agent.id };
  return c.json(await countChats(db, who, c.req.valid("query")), 200);
});
