import type { ActionContext } from "../actions/context.ts";
import type { Ticket } from "../realtime/tickets.ts";
import type { MediaReader } from "./media-auth.ts";

/** The types of Hono's context. `ctx` is set by `requireAgent`, `ticket` by `requireSocketClient` when the client used one. */
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
