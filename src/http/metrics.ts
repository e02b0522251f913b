import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { backlogOf } from "../db/metrics.ts";
import { type ShardState, spoolStates } from "../intake/submit.ts";
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
          shard: z.int(),
          depth: count,
          bytes: count,
          oldestAt: moment.nullable(),
          imports: count.meta({ description: "Old messages of a phone that has just been connected." }),
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
        description: "Per shard; null when they cannot be asked. Commits are counted since the shard woke.",
      }),
    sends: z.object({ unknown: count, unconfirmed: count, queuedOverOneMinute: count }),
    keptEvents: z.object({ unread: count }),
    resumes: z.object({ current: count, replay: count, reset: count }).nullable().meta({
      description:
        "What clients were told when their chat's socket opened, since the beginning; null when it cannot be asked.",
    }),
  })
  .meta({ id: "Metrics" });

const getMetrics = createRoute({
  method: "get",
  path: "/",
  summary: "What waits, and how storing goes",
  description:
    "The spool is the whole system's, without anybody's content; the rest is the organization's. For admins.",
  ...forAdmins,
  responses: { 200: json("As it is now.", metrics), ...problemResponses() },
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

function shown({ oldestAtMs, ...state }: ShardState) {
  return { ...state, oldestAt: oldestAtMs === null ? null : new Date(oldestAtMs).toISOString() };
}
