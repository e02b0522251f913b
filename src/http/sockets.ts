import { createRoute } from "@hono/zod-openapi";
import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import type { z } from "zod";
import type { ActionContext } from "../actions/context.ts";
import { noChat, requireChat } from "../actions/require-chat.ts";
import { readConfig } from "../config.ts";
import { hasChat } from "../db/chats.ts";
import { AppError } from "../errors.ts";
import { connectQuery, upgradeRequest } from "../realtime/frames.ts";
import { hubOf, roomOf } from "../realtime/publish.ts";
import { makeTicket } from "../realtime/tickets.ts";
import type { HttpEnv } from "./http-env.ts";
import { forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { refuseInvalid } from "./problem.ts";
import { newRouter } from "./router.ts";
import { chatParams, ticket, ticketRequest } from "./schemas.ts";
import { offeredProtocols, requireSocketClient } from "./socket-auth.ts";
import { TtlCache } from "./ttl-cache.ts";

const postTicket = createRoute({
  method: "post",
  path: "/",
  operationId: "createSocketTicket",
  summary: "Create a socket ticket",
  description:
    "For browsers, which cannot set headers on a socket: offer the ticket as the second subprotocol. It is valid once, for 30 seconds.",
  ...forAgents,
  request: { body: jsonBody(ticketRequest) },
  responses: { 201: json("The ticket.", ticket), ...problemResponses("not_found") },
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

/** Mounted at `/api/waba`: the upgrades. Each checks its own token or ticket. */
export const socketRoutes = newRouter();

const upgrading = {
  security: [{ bearer: [] }, { ticket: [] }],
  responses: { 101: { description: "The socket is open." }, ...problemResponses() },
};

socketRoutes.openAPIRegistry.registerPath({
  ...upgrading,
  method: "get",
  path: "/chats/{id}/socket",
  operationId: "openChatSocket",
  summary: "Open the WebSocket of a chat",
  description: "Every event of one chat, from `since` and `epoch` on. Offer the subprotocol `waba.v1`.",
  // zod/mini has types of its own.
  request: { params: chatParams, query: connectQuery as unknown as z.ZodObject },
  responses: { 101: { description: "The socket is open." }, ...problemResponses("not_found") },
});

socketRoutes.openAPIRegistry.registerPath({
  ...upgrading,
  method: "get",
  path: "/inbox/socket",
  operationId: "openInboxSocket",
  summary: "Open the WebSocket of the inbox",
  description:
    "The organization's chats as they change, and notices to admins. Offer the subprotocol `waba.v1`.",
});

socketRoutes.get(
  "/chats/:id/socket",
  zValidator("param", chatParams, refuseInvalid),
  requireSocketClient,
  zValidator("query", connectQuery, refuseInvalid),
  async (c) => {
    const { id } = c.req.valid("param");
    await refuseForeignChat(c.var.ctx, id);
    const { since = null, epoch = null } = c.req.valid("query");
    return await opened(roomOf(c.env, id).fetch(upgradeFor(c, { chatId: id, since, epoch })));
  },
);

socketRoutes.get("/inbox/socket", requireSocketClient, async (c) => {
  const { organizationId } = c.var.ctx.agent;
  const asked = upgradeFor(c, { chatId: null, since: null, epoch: null });
  return await opened(hubOf(c.env, organizationId).fetch(asked));
});

/** Chats that an organization owns. All clients reconnect at once after a deployment, which must not query Postgres for each. */
const ownChats = new TtlCache<true>({ ttlMs: 60_000, maxEntries: 50_000 });

/** Throws `not_found` for a chat of another organization, as for one that does not exist. */
async function refuseForeignChat({ agent, db }: ActionContext, id: number): Promise<void> {
  const { organizationId } = agent;
  const isOurs = await ownChats.get(`${organizationId}/${id}`, () => hasChat(db, { id, organizationId }));
  if (!isOurs) throw noChat(id);
}

/** The object's upgrade response, or the reason why it opened no socket. The call may also fail as a whole. */
async function opened(asked: Promise<Response>): Promise<Response> {
  const answer = await asked.catch(() => null);
  if (answer?.status === 101) return answer;
  if (answer?.status === 401)
    throw new AppError("token_invalid", "This ticket was already used. Request a new one.");
  if (answer?.status === 429)
    throw new AppError("rate_limited", "You have too many open sockets here. Close some, then try again.", {
      retryAfter: 30,
    });
  throw new AppError("unavailable", "The socket cannot be opened right now. Try again.", { retryAfter: 5 });
}

type Asked = { chatId: number | null; since: number | null; epoch: string | null };

function upgradeFor(c: Context<HttpEnv>, asked: Asked): Request {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    throw new AppError(
      "invalid_request",
      "This route opens a WebSocket. Send the header Upgrade: websocket.",
      {
        errors: [{ pointer: "/upgrade", code: "upgrade_required", detail: "Send Upgrade: websocket." }],
      },
    );
  }
  const { id: agentId, organizationId, name, role } = c.var.ctx.agent;
  const { tokenExpiresAtMs, ticket } = c.var;
  const spent = ticket ? { id: ticket.id, expiresAtMs: ticket.expiresAtMs } : null;
  const offered = offeredProtocols(c);
  return upgradeRequest({
    ...asked,
    organizationId,
    agentId,
    name,
    isAdmin: role === "admin",
    tokenExpiresAtMs,
    ticket: spent,
    offered,
  });
}
