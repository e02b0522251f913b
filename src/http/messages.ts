import { createRoute } from "@hono/zod-openapi";
import { noChat } from "../actions/require-chat.ts";
import { eventsAfter } from "../db/chat-events.ts";
import { type PageAnchor, pageOfMessages } from "../db/messages.ts";
import { AppError } from "../errors.ts";
import { isId, readCursor, writeCursor } from "./cursor.ts";
import { bearer, guarded, json, refusals } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { chatParams, eventList, eventListQuery, messageList, messageListQuery } from "./schemas.ts";

const DEFAULT_LIMIT = 30;
const DEFAULT_LIMIT_EVENTS = 500;

const listMessages = createRoute({
  method: "get",
  path: "/{id}/messages",
  summary: "List a chat's messages, oldest first",
  description: "The newest page; or a page before, after or around a message.",
  security: bearer,
  request: { params: chatParams, query: messageListQuery },
  responses: {
    200: json("A page of messages.", messageList),
    ...refusals(...guarded, "not_found", "invalid_cursor"),
  },
});

const listEvents = createRoute({
  method: "get",
  path: "/{id}/events",
  summary: "Read the chat's numbered log",
  description: "Ascending and without a hole. Every event carries the row it changed as that row is now.",
  security: bearer,
  request: { params: chatParams, query: eventListQuery },
  responses: { 200: json("The events after a number.", eventList), ...refusals(...guarded, "not_found") },
});

/** Mounted at `/api/waba/chats`, behind `requireAgent`. */
export const messageRoutes = newRouter()
  .openapi(listMessages, async (c) => {
    const { id } = c.req.valid("param");
    const { cursor, limit = DEFAULT_LIMIT, ...sides } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const list = `chats/${id}/messages`;
    const anchor = cursor === undefined ? toAnchor(sides) : readCursor(list, cursor, isAnchor);
    const page = await pageOfMessages(db, { id, organizationId: agent.organizationId }, anchor, limit);
    if (!page) throw noAnchor(id, anchor);
    const { messages, hasOlder, hasNewer } = page;
    const [first, last] = [messages.at(0), messages.at(-1)];
    const at = (side: "before" | "after", messageId: number) => writeCursor(list, { side, messageId });
    return c.json(
      {
        data: messages,
        nextCursor: hasNewer && last ? at("after", last.id) : null,
        prevCursor: hasOlder && first ? at("before", first.id) : null,
      },
      200,
    );
  })
  .openapi(listEvents, async (c) => {
    const { id } = c.req.valid("param");
    const { after, limit = DEFAULT_LIMIT_EVENTS } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const log = await eventsAfter(db, { id, organizationId: agent.organizationId }, after, limit);
    if (!log) throw noChat(id);
    const { events, head, epoch } = log;
    return c.json({ data: events, nextCursor: null, prevCursor: null, head, epoch }, 200);
  });

function noAnchor(chatId: number, anchor: PageAnchor): AppError {
  if (anchor.side === "newest") return noChat(chatId);
  return new AppError("not_found", `There is no chat ${chatId} with the message ${anchor.messageId}.`);
}

type Sides = { before?: number | undefined; after?: number | undefined; around?: number | undefined };

function toAnchor({ before, after, around }: Sides): PageAnchor {
  if (before !== undefined) return { side: "before", messageId: before };
  if (after !== undefined) return { side: "after", messageId: after };
  return around === undefined ? { side: "newest" } : { side: "around", messageId: around };
}

function isAnchor(place: unknown): place is PageAnchor {
  if (typeof place !== "object" || place === null || !("side" in place) || !("messageId" in place))
    return false;
  return (place.side === "before" || place.side === "after") && isId(place.messageId);
}
