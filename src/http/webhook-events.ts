import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { replayEvent } from "../actions/replay-event.ts";
import { pageOfStoredEvents } from "../db/webhook-events.ts";
import { unreadReasons } from "../domain/inbound-event.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAdmins, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { cursor, id, idInPath, limit, moment, page } from "./schemas.ts";

const storedEventParams = z.object({ id: idInPath.meta({ description: "The stored event's id." }) });

const storedEventListQuery = z.strictObject({
  cursor,
  limit: limit(100),
  unread: z.enum(["true", "false"]).optional(),
});

const storedEvent = z
  .object({
    id,
    phoneNumberId: z.string().nullable(),
    wabaId: z.string().nullable(),
    field: z.string().nullable(),
    reason: z.enum(unreadReasons).nullable(),
    receivedAt: moment,
    appliedAt: moment.nullable(),
  })
  .meta({ id: "StoredEvent" });
const storedEventList = z.object({ data: z.array(storedEvent), ...page }).meta({ id: "StoredEventList" });
const replayed = z.object({ id, applied: z.boolean() }).meta({ id: "Replayed" });

const listStoredEvents = createRoute({
  method: "get",
  path: "/",
  operationId: "listStoredEvents",
  summary: "List the webhook events that were kept raw, newest first",
  description:
    "With `unread=true` only those that could not be read or applied, and are not applied since. For admins.",
  ...forAdmins,
  request: { query: storedEventListQuery },
  responses: {
    200: json("A page of stored events.", storedEventList),
    ...problemResponses("invalid_cursor"),
  },
});

const postReplay = createRoute({
  method: "post",
  path: "/{id}/replay",
  operationId: "replayStoredEvent",
  summary: "Replay a stored event",
  description: "What is stored already changes nothing. For admins.",
  ...forAdmins,
  request: { params: storedEventParams },
  responses: {
    200: json("Whether it is applied by now.", replayed),
    ...problemResponses("not_found", "not_durable"),
  },
});

/** Mounted at `/api/waba/webhook-events`, behind `requireAgent`. */
export const webhookEventRoutes = newRouter()
  .openapi(listStoredEvents, async (c) => {
    const { cursor, limit, unread } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const filter = { unread: unread === "true" };
    const events = await listPage({
      name: `webhook-events?${JSON.stringify(filter)}`,
      query: { cursor, limit },
      isPlace: isIdPlace,
      read: (before, count) =>
        pageOfStoredEvents(db, agent.organizationId, filter, before?.id ?? null, count),
      placeOf: ({ id }) => ({ id }),
    });
    return c.json(events, 200);
  })
  .openapi(postReplay, async (c) => {
    return c.json(await replayEvent(c.var.ctx, c.req.valid("param").id), 200);
  });
