import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { removeSpooledEvent, requireSpooled, retrySpooledEvent } from "../actions/settle-spooled.ts";
import { metaIdsOf } from "../db/organization-phones.ts";
import { SPOOLS, type SpoolPlace } from "../domain/spooled-event.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { forAdmins, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { largeId, largeIdInPath, listQuery, moment, page } from "./schemas.ts";

const DEFAULT_LIMIT = 30;
const LIST = "spooled-events";

const spooledParams = z.object({ id: largeIdInPath.meta({ description: "The spooled event's id." }) });

const spooledEvent = z
  .object({
    id: largeId,
    kind: z.enum(["message", "status", "notice"]),
    phoneNumberId: z.string(),
    isHistory: z.boolean().meta({ description: "Imported history of a newly connected phone." }),
    tries: z.int().min(0).meta({ description: "How often it failed for a reason of its own." }),
    spooledAt: moment,
    dueAt: moment.nullable().meta({ description: "When it is tried next; null: with the next ones." }),
  })
  .meta({ id: "SpooledEvent" });
const spooledEventList = z.object({ data: z.array(spooledEvent), ...page }).meta({ id: "SpooledEventList" });
const spooledDetails = spooledEvent
  .extend({
    source: z.string().nullable().meta({
      description: "JSON text of a webhook body with this event alone; null for bytes that are no JSON.",
    }),
  })
  .meta({ id: "SpooledEventDetails" });
const spooledRetry = z
  .object({
    id: largeId,
    isStored: z.boolean(),
    sqlState: z
      .string()
      .nullable()
      .meta({ description: "Why Postgres refused it; null when it is stored, or Postgres did not answer." }),
  })
  .meta({ id: "SpooledRetry" });

const listSpooled = createRoute({
  method: "get",
  path: "/",
  operationId: "listSpooledEvents",
  summary: "List the webhook events that wait to be stored, oldest first",
  description:
    "A page may be shorter than its limit and have a next one, since each call reads a part of the spool only. For admins.",
  ...forAdmins,
  request: { query: listQuery },
  responses: {
    200: json("A page of spooled events.", spooledEventList),
    ...problemResponses("invalid_cursor"),
  },
});

const getSpooled = createRoute({
  method: "get",
  path: "/{id}",
  operationId: "getSpooledEvent",
  summary: "Read a spooled event",
  description: "With its content, as Meta sent it. For admins.",
  ...forAdmins,
  request: { params: spooledParams },
  responses: { 200: json("The event.", spooledDetails), ...problemResponses("not_found") },
});

const postRetry = createRoute({
  method: "post",
  path: "/{id}/retry",
  operationId: "retrySpooledEvent",
  summary: "Store a spooled event now",
  description: "The audit log names who did. For admins.",
  ...forAdmins,
  request: { params: spooledParams },
  responses: {
    200: json("Whether it is stored now; if not, it waits on.", spooledRetry),
    ...problemResponses("not_found"),
  },
});

const deleteSpooled = createRoute({
  method: "delete",
  path: "/{id}",
  operationId: "removeSpooledEvent",
  summary: "Take a spooled event out for good",
  description:
    "It is not stored then, unless Meta delivers it again, or Postgres still carries out a call that was given up. Read it first to keep its content. The audit log names who did. For admins.",
  ...forAdmins,
  request: { params: spooledParams },
  responses: { 204: { description: "It is gone." }, ...problemResponses("not_found", "event_in_progress") },
});

/** Mounted at `/api/waba/spooled-events`, behind `requireAgent`. */
export const spooledEventRoutes = newRouter()
  .openapi(listSpooled, async (c) => {
    const { cursor, limit = DEFAULT_LIMIT } = c.req.valid("query");
    const { agent, db, spool } = c.var.ctx;
    const after = cursor === undefined ? null : readCursor(LIST, cursor, isPlace);
    const phoneNumberIds = [...(await metaIdsOf(db, agent.organizationId)).keys()];
    const { events, next } = await spool.list(phoneNumberIds, after, limit);
    return c.json({ data: events, nextCursor: next && writeCursor(LIST, next), prevCursor: null }, 200);
  })
  .openapi(getSpooled, async (c) => c.json(await requireSpooled(c.var.ctx, c.req.valid("param").id), 200))
  .openapi(postRetry, async (c) => {
    const { id } = c.req.valid("param");
    return c.json({ id, ...(await retrySpooledEvent(c.var.ctx, id)) }, 200);
  })
  .openapi(deleteSpooled, async (c) => {
    await removeSpooledEvent(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });

function isPlace(place: unknown): place is SpoolPlace {
  if (typeof place !== "object" || place === null) return false;
  const { generation, shard, spool, row } = place as Record<string, unknown>;
  const isNumber = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
  return [generation, shard, row].every(isNumber) && SPOOLS.some((name) => name === spool);
}
