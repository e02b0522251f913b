import { createRoute } from "@hono/zod-openapi";
import { backlogOf } from "../db/metrics.ts";
import { type ShardState, spoolStates } from "../intake/hand-in.ts";
import { resumesOf } from "../realtime/publish.ts";
import { requireAdmin } from "./auth.ts";
import { bearer, guarded, json, refusals } from "./declare.ts";
import { metrics } from "./operations-contract.ts";
import { newRouter } from "./router.ts";

const getMetrics = createRoute({
  method: "get",
  path: "/",
  summary: "What waits, and how storing goes",
  description:
    "The spool is the whole system's, without anybody's content; the rest is the organization's. For admins.",
  security: bearer,
  middleware: requireAdmin,
  responses: { 200: json("As it is now.", metrics), ...refusals(...guarded) },
});

/** Mounted at `/api/waba/metrics`, behind `requireAgent`. */
export const metricsRoutes = newRouter().openapi(getMetrics, async (c) => {
  const { agent, db } = c.var.ctx;
  const [spool, resumes, backlog] = await Promise.all([
    spoolStates(c.env).catch(() => null),
    resumesOf(c.env, agent.organizationId).catch(() => null),
    backlogOf(db, agent.organizationId),
  ]);
  return c.json({ spool: spool?.map(shown) ?? null, ...backlog, resumes }, 200);
});

function shown({ oldestAtMs, ...state }: ShardState) {
  return { ...state, oldestAt: oldestAtMs === null ? null : new Date(oldestAtMs).toISOString() };
}
