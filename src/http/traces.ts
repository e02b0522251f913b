import { createRoute } from "@hono/zod-openapi";
import { traceOf } from "../db/traces.ts";
import { AppError } from "../errors.ts";
import { messageParams } from "./contract.ts";
import { bearer, guarded, json, refusals } from "./declare.ts";
import { trace } from "./operations-contract.ts";
import { newRouter } from "./router.ts";

const getTrace = createRoute({
  method: "get",
  path: "/{id}/trace",
  summary: "What happened to a message",
  description:
    "Every step with its time: when it came in, was spooled, stored and first shown, each attempt to send it, and each status with Meta's time and ours.",
  security: bearer,
  request: { params: messageParams },
  responses: {
    200: json("Its steps, in the order of our clock.", trace),
    ...refusals(...guarded, "not_found"),
  },
});

/** Mounted at `/api/waba/messages`, behind `requireAgent`. */
export const traceRoutes = newRouter().openapi(getTrace, async (c) => {
  const { id } = c.req.valid("param");
  const { agent, db } = c.var.ctx;
  const found = await traceOf(db, agent.organizationId, id);
  if (!found) throw new AppError("not_found", `There is no message ${id}.`);
  return c.json(found, 200);
});
