import { createRoute } from "@hono/zod-openapi";
import { blockContact } from "../actions/block-contact.ts";
import { markRead } from "../actions/mark-read.ts";
import { requireChat } from "../actions/require-chat.ts";
import { showTypingIn } from "../actions/show-typing.ts";
import { type ChatPosition, pageOfChats } from "../db/chats.ts";
import { isId, readCursor, writeCursor } from "./cursor.ts";
import { forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { chatList, chatListQuery, chatParams, openChat, readRequest } from "./schemas.ts";

const DEFAULT_LIMIT = 30;

const listChats = createRoute({
  method: "get",
  path: "/",
  summary: "List chats, newest activity first",
  ...forAgents,
  request: { query: chatListQuery },
  responses: { 200: json("A page of chats.", chatList), ...problemResponses("invalid_cursor") },
});

const getChat = createRoute({
  method: "get",
  path: "/{id}",
  summary: "Read a chat",
  description: "`head` and `epoch` are what a socket resumes from.",
  ...forAgents,
  request: { params: chatParams },
  responses: { 200: json("The chat as it is now.", openChat), ...problemResponses("not_found") },
});

const postRead = createRoute({
  method: "post",
  path: "/{id}/read",
  summary: "Mark a chat as read, here and at Meta",
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
  summary: "Have Meta keep this customer from writing to the number",
  description: "Meta blocks only who has written in the last 24 hours.",
});

const removeBlock = createRoute({
  ...blocking,
  method: "delete",
  path: "/{id}/block",
  summary: "Let this customer write again",
});

const postTyping = createRoute({
  method: "post",
  path: "/{id}/typing",
  summary: "Show the customer that an answer is being written",
  description:
    "For 25 seconds, or until the answer. At Meta it also marks what they wrote as read. Nobody waits for Meta.",
  ...forAgents,
  request: { params: chatParams },
  responses: { 204: { description: "Meta is told." }, ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/chats`, behind `requireAgent`. */
export const chatRoutes = newRouter()
  .openapi(listChats, async (c) => {
    const { cursor, limit = DEFAULT_LIMIT, ...filter } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const list = `chats?${JSON.stringify(filter)}`;
    const after = cursor === undefined ? null : readCursor(list, cursor, isChatPosition);
    // One more than asked for tells whether there is a next page.
    const rows = await pageOfChats(db, agent.organizationId, filter, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > limit && last ? writeCursor(list, last.position) : null;
    return c.json({ data: shown.map(({ chat }) => chat), nextCursor, prevCursor: null }, 200);
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

/** A moment that exists, of a year that Postgres and we write alike: a cursor is the caller's word until it is read. */
function isMoment(text: string): boolean {
  const date = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
