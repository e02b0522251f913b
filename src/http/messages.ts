import { createRoute } from "@hono/zod-openapi";
import { noChat } from "../actions/require-chat.ts";
import { eventsAfter } from "../db/chat-events.ts";
import type { Db } from "../db/client.ts";
import { findMessage, type PageAnchor, pageOfMessages, withPayloads } from "../db/messages.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { AppError } from "../errors.ts";
import { eventList } from "./chat-schemas.ts";
import { isId, isSeqPlace, readCursor, writeCursor } from "./cursor.ts";
import { eventListQuery, messageListQuery } from "./message-queries.ts";
import { forAgents, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { chatParams, message, messageList, messageParams } from "./schemas.ts";

const DEFAULT_LIMIT = 30;
const DEFAULT_LIMIT_EVENTS = 500;

const listMessages = createRoute({
  method: "get",
  path: "/{id}/messages",
  operationId: "listMessages",
  summary: "List a chat's messages, oldest first",
  description:
    "Returns the newest page, or the page before, after or around a message. A page ends early at about 1 MB.",
  ...forAgents,
  request: { params: chatParams, query: messageListQuery },
  responses: {
    200: json("A page of messages.", messageList),
    ...problemResponses("not_found", "invalid_cursor"),
  },
});

const listEvents = createRoute({
  method: "get",
  path: "/{id}/events",
  operationId: "listEvents",
  summary: "Read a chat's numbered event log",
  description:
    "Ascending and gapless. Every event carries the current state of the row it changed. A page ends early at about 1 MB: follow `nextCursor` until it is null. After events that `RETENTION_DAYS` has removed: `log_expired`.",
  ...forAgents,
  request: { params: chatParams, query: eventListQuery },
  responses: {
    200: json("The events after a number.", eventList),
    ...problemResponses("not_found", "invalid_cursor", "log_expired"),
  },
});

const getMessage = createRoute({
  method: "get",
  path: "/{id}",
  operationId: "getMessage",
  summary: "Read a message",
  description: "With `payload`: Meta's object, verbatim.",
  ...forAgents,
  request: { params: messageParams },
  responses: { 200: json("The message.", message), ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/chats`, behind `requireAgent`. */
export const messageRoutes = newRouter()
  .openapi(listMessages, async (c) => {
    const { id } = c.req.valid("param");
    const { cursor, limit = DEFAULT_LIMIT, include, ...sides } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const list = `chats/${id}/messages`;
    const anchor = cursor === undefined ? toAnchor(sides) : readCursor(list, cursor, isAnchor);
    const key = { id, organizationId: agent.organizationId };
    const page = await pageOfMessages(db, key, anchor, limit, { withPayloads: include !== undefined });
    if (!page) throw noAnchor(id, anchor);
    const { messages, hasOlder, hasNewer } = page;
    const [first, last] = [messages.at(0), messages.at(-1)];
    const at = (side: "before" | "after", messageId: number) => writeCursor(list, { side, messageId });
    return c.json(
      {
        data: include ? await withPayloads(db, messages) : messages,
        nextCursor: hasNewer && last ? at("after", last.id) : null,
        prevCursor: hasOlder && first ? at("before", first.id) : null,
      },
      200,
    );
  })
  .openapi(listEvents, async (c) => {
    const { id } = c.req.valid("param");
    const { cursor, after, limit = DEFAULT_LIMIT_EVENTS, include } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const list = `chats/${id}/events`;
    const start = cursor === undefined ? (after ?? 0) : readCursor(list, cursor, isSeqPlace).seq;
    const key = { id, organizationId: agent.organizationId };
    const log = await eventsAfter(db, key, start, limit, { withPayloads: include !== undefined });
    if (!log) throw noChat(id);
    const { events, head, epoch, firstSeq } = log;
    if (firstSeq > start + 1 && head > start) throw expired(id, firstSeq);
    const data = include ? await eventsWithPayloads(db, events) : events;
    const last = data.at(-1);
    const nextCursor = last && last.seq < head ? writeCursor(list, { seq: last.seq }) : null;
    return c.json({ data, nextCursor, prevCursor: null, head, epoch }, 200);
  });

/** Mounted at `/api/waba/messages`, behind `requireAgent`. */
export const singleMessageRoutes = newRouter().openapi(getMessage, async (c) => {
  const { id } = c.req.valid("param");
  const { agent, db } = c.var.ctx;
  const found = await findMessage(db, agent.organizationId, id);
  if (!found) throw new AppError("not_found", `No such message: ${id}.`);
  return c.json(found, 200);
});

async function eventsWithPayloads(db: Db, events: ChatEvent[]): Promise<ChatEvent[]> {
  const messages = await withPayloads(
    db,
    events.map(({ message }) => message),
  );
  return events.map((event, i) => (messages[i] ? { ...event, message: messages[i] } : event));
}

function expired(chatId: number, firstSeq: number): AppError {
  const detail = `Events of chat ${chatId} before ${firstSeq} were removed. Load the chat and its messages, and read events after its head.`;
  return new AppError("log_expired", detail);
}

function noAnchor(chatId: number, anchor: PageAnchor): AppError {
  if (anchor.side === "newest") return noChat(chatId);
  return new AppError("not_found", `No such message in chat ${chatId}: ${anchor.messageId}.`);
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
