import { createRoute } from "@hono/zod-openapi";
import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import { requireChat } from "../actions/require-chat.ts";
import { readConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { connectQuery, upgradeRequest } from "../realtime/frames.ts";
import { hubOf, roomOf } from "../realtime/publish.ts";
import { makeTicket } from "../realtime/tickets.ts";
import { chatParams, ticket, ticketRequest } from "./contract.ts";
import { bearer, guarded, json, jsonBody, refusals } from "./declare.ts";
import type { HttpEnv } from "./env.ts";
import { refuseInvalid } from "./problem.ts";
import { newRouter } from "./router.ts";
import { offeredProtocols, requireSocketCaller } from "./socket-caller.ts";

const postTicket = createRoute({
  method: "post",
  path: "/",
  summary: "Get a ticket for one socket",
  description:
    "For browsers, which cannot set headers on a socket: offer it as second subprotocol. 30 seconds, once.",
  security: bearer,
  request: { body: jsonBody(ticketRequest) },
  responses: { 201: json("The ticket.", ticket), ...refusals(...guarded, "not_found") },
});

/** Mounted at `/api/waba/socket-tickets`, behind `requireAgent`. */
export const ticketRoutes = newRouter().openapi(postTicket, async (c) => {
  const target = c.req.valid("json");
  const { agent, now } = c.var.ctx;
  if ("chatId" in target) await requireChat(c.var.ctx, target.chatId);
  const { id: _, ...holder } = agent;
  const { tokenExpiresAtMs } = c.var;
  const made = await makeTicket({ holder, target, tokenExpiresAtMs }, readConfig(c.env).signingKeys, now());
  return c.json({ ticket: made.ticket, expiresAt: made.expiresAt.toISOString() }, 201);
});

/** Mounted at `/api/waba`: the sockets themselves. They let in by token or by ticket, each for itself. */
export const socketRoutes = newRouter();

socketRoutes.get(
  "/chats/:id/socket",
  zValidator("param", chatParams, refuseInvalid),
  requireSocketCaller,
  zValidator("query", connectQuery, refuseInvalid),
  async (c) => {
    const { id } = await requireChat(c.var.ctx, c.req.valid("param").id);
    const { since = null, epoch = null } = c.req.valid("query");
    return opened(await roomOf(c.env, id).fetch(upgradeFor(c, { chatId: id, since, epoch })));
  },
);

socketRoutes.get("/inbox/socket", requireSocketCaller, async (c) => {
  const { organizationId } = c.var.ctx.agent;
  const asked = upgradeFor(c, { chatId: null, since: null, epoch: null });
  return opened(await hubOf(c.env, organizationId).fetch(asked));
});

/** The object's answer to the client, when it has opened a socket; else why it has not. */
function opened(answer: Response): Response {
  if (answer.status === 101) return answer;
  if (answer.status === 401) throw new AppError("token_invalid", "The ticket has been used.");
  throw new AppError("unavailable", "The socket cannot be opened just now.", { retryAfter: 5 });
}

type Asked = { chatId: number | null; since: number | null; epoch: string | null };

function upgradeFor(c: Context<HttpEnv>, asked: Asked): Request {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    throw new AppError("invalid_request", "This address is a WebSocket: send Upgrade: websocket.", {
      errors: [{ pointer: "/upgrade", code: "upgrade_required", detail: "Send Upgrade: websocket." }],
    });
  }
  const { id: agentId, organizationId, name } = c.var.ctx.agent;
  const { tokenExpiresAtMs, ticket } = c.var;
  const spent = ticket ? { id: ticket.id, expiresAtMs: ticket.expiresAtMs } : null;
  const offered = offeredProtocols(c);
  return upgradeRequest({
    ...asked,
    organizationId,
    agentId,
    name,
    tokenExpiresAtMs,
    ticket: spent,
    offered,
  });
}
