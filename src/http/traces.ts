import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { traceOf } from "../db/traces.ts";
import { AppError } from "../errors.ts";
import { forAgents, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { id, messageParams, moment } from "./schemas.ts";

const attemptNote = z.object({
  outcome: z.enum(["accepted", "refused", "failed", "unknown", "not_called"]),
  httpStatus: z.int().nullable(),
  code: z.int().nullable(),
  fbtraceId: z.string().nullable(),
});

const traceStep = z.object({
  step: z.string().meta({ description: "written, received, spooled, stored, published, or a status." }),
  at: moment,
  clock: z.enum(["meta", "ours"]),
  receivedAt: moment.optional(),
  attempt: attemptNote.nullable().optional(),
});

const trace = z
  .object({ messageId: id, chatId: id, fromMe: z.boolean(), steps: z.array(traceStep) })
  .meta({ id: "Trace" });

const getTrace = createRoute({
  method: "get",
  path: "/{id}/trace",
  operationId: "traceMessage",
  summary: "Trace a message",
  description:
    "Every step with its time: received, spooled, stored, published, each attempt to send it, and each status with Meta's time and ours.",
  ...forAgents,
  request: { params: messageParams },
  responses: {
    200: json("The steps, ordered by our clock.", trace),
    ...problemResponses("not_found"),
  },
});

/** Mounted at `/api/waba/messages`, behind `requireAgent`. */
export const traceRoutes = newRouter().openapi(getTrace, async (c) => {
  const { id } = c.req.valid("param");
  const { agent, db } = c.var.ctx;
  const found = await traceOf(db, agent.organizationId, id);
  if (!found) throw new AppError("not_found", `No such message: ${id}.`);
  return c.json(found, 200);
});
