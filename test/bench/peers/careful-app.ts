import { createServer } from "node:http";
import express, { type NextFunction, type Request, type Response } from "express";
import { listen } from "../systems/listening.ts";
import { type Agent, agentOf } from "./agents.ts";
import { isSignedByMeta } from "./meta.ts";
import { listChats, listMessages } from "./read.ts";
import { receive } from "./receive.ts";
import { openRooms } from "./rooms.ts";
import { send } from "./send.ts";
import type { StoreText } from "./store-text.ts";

/** Serves the measured routes of the product, and stores texts with `storeText`. */
export function serveCarefully(storeText: StoreText): void {
  const app = express().disable("x-powered-by").disable("etag");
  const server = createServer(app);
  const publish = openRooms(server);

  app.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });

  app.post("/api/waba/webhook", express.raw({ type: "*/*", limit: "4mb" }), async (request, response) => {
    const body: Buffer = request.body;
    if (!isSignedByMeta(body, request.get("x-hub-signature-256"))) {
      response.status(401).end();
      return;
    }
    await receive(body, storeText, publish);
    response.send("OK");
  });

  app.get("/api/waba/chats", requireAgent, async (request, response) => {
    const { limit = "30", cursor } = request.query as { limit?: string; cursor?: string };
    response.json(await listChats(agentIn(response).organizationId, bounded(limit), cursor));
  });

  app.get("/api/waba/chats/:id/messages", requireAgent, async (request, response) => {
    const { limit = "50", cursor } = request.query as { limit?: string; cursor?: string };
    const { organizationId } = agentIn(response);
    const page = await listMessages(organizationId, Number(request.params.id), bounded(limit), cursor);
    if (page) response.json(page);
    else response.status(404).json({ code: "not_found" });
  });

  app.post("/api/waba/send", requireAgent, express.json({ limit: "256kb" }), async (request, response) => {
    const { status, body } = await send(
      agentIn(response),
      request.body,
      request.get("idempotency-key"),
      publish,
    );
    response.status(status).json(body);
  });

  listen(server);
}

async function requireAgent(request: Request, response: Response, next: NextFunction): Promise<void> {
  const agent = await agentOf(request.get("authorization"));
  if (!agent) {
    response.status(401).json({ code: "token_invalid" });
    return;
  }
  response.locals.agent = agent;
  next();
}

/** Express does not type `locals`; `requireAgent` has set the agent. */
function agentIn(response: Response): Agent {
  return response.locals.agent as Agent;
}

function bounded(limit: string): number {
  return Math.min(100, Math.max(1, Number(limit) || 1));
}
