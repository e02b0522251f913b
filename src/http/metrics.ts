import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { backlogOf } from "../db/metrics.ts";
import { type ShardState, spoolStates } from "../intake/shards.ts";
import { resumeCountsOf } from "../realtime/publish.ts";
import { forAdmins, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { moment } from "./schemas.ts";

const count = z.int().min(0);

const metrics = z
  .object({
    spool: z
      .array(
        z.object({
          generation: count.meta({ description: "See `PLACEMENT_GENERATION`." }),
          shard: z.int(),
          depth: count,
          bytes: count,
          oldestAt: moment.nullable(),
          imports: count.meta({ description: "History of a newly connected phone." }),
          commits: z.object({
            batches: count,
            events: count,
            largest: count,
            failures: count,
          }),
        }),
      )
      .nullable()
      .meta({
        description: "Per shard; null when unavailable. Commits are counted since the shard last woke.",
      }),
    sends: z.object({ unknown: count, unconfirmed: count, queuedOverOneMinute: count }),
    keptEvents: z.object({ unread: count }),
    resumes: z.object({ current: count, replay: count, reset: count }).nullable().meta({
      description: "How chat sockets resumed, in total; null when unavailable.",
    }),
  })
  .meta({ id: "Metrics" });

const getMetrics = createRoute({
  method: "get",
  path: "/",
  operationId: "getMetrics",
  summary: "Read the metrics of storing and sending",
  description:
    "The spool's figures cover the whole system and contain no messages; the rest covers the organization. For admins.",
  ...forAdmins,
  responses: { 200: json("The metrics.", metrics), ...problemResponses() },
});

/** Mounted at `/api/waba/metrics`, behind `requireAgent`. */
export const metricsRoutes = newRouter().openapi(getMetrics, async (c) => {
  const { agent, db } = c.var.ctx;
  const [spool, resumes, backlog] = await Promise.all([
    spoolStates(c.env).catch(() => null),
    resumeCountsOf(c.env, agent.organizationId).catch(() => null),
    backlogOf(db, agent.organizationId),
  ]);
  return c.json({ spool: spool?.map(shown) ?? null, ...backlog, resumes }, 200);
});

function shown({ oldestAtMs, region: _, ...state }: ShardState) {
  return { ...state, oldestAt: oldestAtMs === null ? null : new Date(oldestAtMs).toISOString() };
}
