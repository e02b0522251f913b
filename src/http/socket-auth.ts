import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { readConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import { readTicket, type Ticket } from "../realtime/tickets.ts";
import { contextFor, readBearer } from "./auth.ts";
import type { HttpEnv } from "./http-env.ts";

/**
 * Lets in a socket's client: by a bearer token, with or without an `Origin`, or by a ticket among the subprotocols, and
 * then only from a page of ours or of a configured origin. A ticket serves for the socket it was made for.
 */
export const requireSocketClient = createMiddleware<HttpEnv>(async (c, next) => {
  const config = readConfig(c.env);
  const header = c.req.header("authorization");
  if (header !== undefined) {
    const { holder, expiresAtMs } = await readBearer(header, config);
    c.set("ctx", await contextFor(c.env, holder));
    c.set("tokenExpiresAtMs", expiresAtMs);
    return await next();
  }
  const [, offeredTicket] = offeredProtocols(c);
  if (!offeredTicket)
    throw new AppError("token_missing", "Send Authorization, or a ticket as second subprotocol.");
  refuseForeignOrigin(c, config.allowedOrigins);
  const ticket = await readTicket(offeredTicket, config.signingKeys, new Date());
  if (!ticket || !isFor(ticket, c))
    throw new AppError("token_invalid", "The ticket has run out or is for another socket.");
  c.set("ctx", await contextFor(c.env, ticket.holder));
  c.set("ticket", ticket);
  c.set("tokenExpiresAtMs", ticket.tokenExpiresAtMs);
  await next();
});

/** What a client offers in `Sec-WebSocket-Protocol`, in its order. */
export function offeredProtocols(c: Context<HttpEnv>): string[] {
  return (c.req.header("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
}

function refuseForeignOrigin(c: Context<HttpEnv>, allowed: string[]): void {
  const origin = c.req.header("origin");
  if (origin && [new URL(c.req.url).origin, ...allowed].includes(origin)) return;
  log("access_refused", { requestId: c.var.requestId, code: "foreign_origin" });
  throw new AppError("forbidden", "A page of this origin may not open sockets here.");
}

function isFor({ target }: Ticket, c: Context<HttpEnv>): boolean {
  return "inbox" in target
    ? c.req.path.endsWith("/inbox/socket")
    : c.req.path.endsWith(`/chats/${target.chatId}/socket`);
}
