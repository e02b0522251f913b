import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { readConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { readTicket, type Ticket } from "../realtime/tickets.ts";
import { contextFor, readBearer } from "./auth.ts";
import type { HttpEnv } from "./http-env.ts";
import { requireAllowedOrigin } from "./origins.ts";

/**
 * Requires a bearer token, with or without an `Origin`, or a ticket among the subprotocols, which is accepted only from our
 * own pages and configured origins. A ticket opens only the socket that it was issued for.
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
    throw new AppError(
      "token_missing",
      "Provide a token in Authorization, or a ticket as the second subprotocol.",
    );
  requireAllowedOrigin(c);
  const ticket = await readTicket(offeredTicket, config.signingKeys, new Date());
  if (!ticket || !isFor(ticket, c))
    throw new AppError(
      "token_invalid",
      "The ticket has expired, or was issued for another socket. Request a new one.",
    );
  const { organizationId: organization, ...person } = ticket.holder;
  c.set("ctx", await contextFor(c.env, { organization, ...person }));
  c.set("ticket", ticket);
  c.set("tokenExpiresAtMs", ticket.tokenExpiresAtMs);
  await next();
});

/** The subprotocols in `Sec-WebSocket-Protocol`, in the client's order. */
export function offeredProtocols(c: Context<HttpEnv>): string[] {
  return (c.req.header("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
}

function isFor({ target }: Ticket, c: Context<HttpEnv>): boolean {
  return "inbox" in target
    ? c.req.path.endsWith("/inbox/socket")
    : c.req.path.endsWith(`/chats/${target.chatId}/socket`);
}
