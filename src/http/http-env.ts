import type { ActionContext } from "../actions/context.ts";
import type { Ticket } from "../realtime/tickets.ts";
import type { MediaReader } from "./media-auth.ts";

/** What a handler can rely on: `ctx` behind `requireAgent`, `ticket` where one opened the way to a socket. */
export type HttpEnv = {
  Bindings: Env;
  Variables: {
    requestId: string;
    ctx: ActionContext;
    tokenExpiresAtMs: number;
    ticket?: Ticket;
    reader: MediaReader;
  };
};
