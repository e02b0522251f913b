import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { readConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { readTicket, type Ticket } from "../realtime/tickets.ts";
import { contextFor, readBearer } from "./auth.ts";
import type { HttpEnv } from "./http-env.ts";
import { requireAllowedOrigin } from "./origins.ts";

/**
 * Lets in a socket's client: by a bearer token, with or without an `Origin`, or by a ticket among the subprotocols, and
 * then only from a page of ours or of a configured origin. A ticket serves for the socket it was made for.
 */
export const requireSocketClient = createMiddleware<HttpEnv>(async (c, next) => {
  const config = readConfig(c.env);
  const headers = c.req.raw.headers;
  if (headers.has("authorization")) {
    const { claims, expiresAtMs } = await readBearer(headers, config);
    c.set("ctx", await contextFor(c.env, claims));
    c.set("tokenExpiresAtMs", expiresAtMs);
    return await next();
  }
  const [, offeredTicket] = offeredProtocols(c);
  if (!offeredTicket)
    throw new AppError("token_missing", "Send Authorization, or a ticket as second subprotocol.");
  requireAllowedOrigin(c);
  const ticket = await readTicket(offeredTicket, config.signingKeys, new Date());
  if (!ticket || !isFor(ticket, c))
    throw new AppError("token_invalid", "The ticket has run out or is for another socket.");
  const { organizationId: organization, ...person } = ticket.holder;
  c.set("ctx", await contextFor(c.env, { organization, ...person }));
  c.set("ticket", ticket);
  c.set("tokenExpiresAtMs", ticket.tokenExpiresAtMs);
  await next();
});

/** What a client offers in `Sec-WebSocket-Protocol`, in its order. */
export function offeredProtocols(c: Context<HttpEnv>): string[] {
  return (c.req.header("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
}

function isFor({ target }: Ticket, c: Context<HttpEnv>): boolean {
  return "inbox" in target
    ? c.req.path.endsWith("/inbox/socket")
    : c.req.path.endsWith(`/chats/${target.chatId}/socket`);
}
