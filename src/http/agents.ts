import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { pageOfAgents, roles } from "../db/agents.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAgents, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { id, listQuery, moment, page } from "./schemas.ts";

const agent = z
  .object({
    id,
    sub: z.string(),
    name: z.string(),
    role: z.enum(roles),
    lastSeenAt: moment.meta({ description: "Exact to a day." }),
  })
  .meta({ id: "Agent" });

const agentList = z.object({ data: z.array(agent), ...page }).meta({ id: "AgentList" });

const listAgents = createRoute({
  method: "get",
  path: "/",
  operationId: "listAgents",
  summary: "List the organization's agents",
  description: "An agent is known from the first request with their token on.",
  ...forAgents,
  request: { query: listQuery },
  responses: { 200: json("A page of agents.", agentList), ...problemResponses("invalid_cursor") },
});

/** Mounted at `/api/waba/agents`, behind `requireAgent`. */
export const agentListRoutes = newRouter().openapi(listAgents, async (c) => {
  const { agent, db } = c.var.ctx;
  const agents = await listPage({
    name: "agents",
    query: c.req.valid("query"),
    isPlace: isIdPlace,
    read: (after, count) => pageOfAgents(db, agent.organizationId, after?.id ?? null, count),
    placeOf: ({ id }) => ({ id }),
  });
  return c.json(agents, 200);
});
