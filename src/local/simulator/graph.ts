import { Hono } from "hono";
import { acceptSend, markReadByBusiness, type Simulation, sendResponse } from "./business.ts";
import { appRoutes } from "./graph-app.ts";
import { type GraphEnv, graphCall, graphHeaders } from "./graph-call.ts";
import { errorBody, GraphRefusal, noSuchObject } from "./graph-errors.ts";
import { flowRoutes } from "./graph-flows.ts";
import { historyRoutes } from "./graph-history.ts";
import { mediaRoutes } from "./graph-media.ts";
import { requirePhone } from "./graph-nodes.ts";
import { peopleRoutes } from "./graph-people.ts";
import { phoneExtraRoutes } from "./graph-phone-extras.ts";
import { phoneRoutes, sendingProblem } from "./graph-phones.ts";
import { templateRoutes } from "./graph-templates.ts";
import { requireToken, tokenRoutes } from "./graph-tokens.ts";
import { wabaRoutes } from "./graph-wabas.ts";

/** The part of the Graph API that a phone's owner uses, mounted at the root. Paths are without the version. */
export function graphRoutes(sim: Simulation): Hono<GraphEnv> {
  const app = new Hono<GraphEnv>();
  app.onError((error) => {
    if (!(error instanceof GraphRefusal)) throw error;
    const headers = new Headers({ "content-type": "application/json; charset=UTF-8" });
    if (error.code === 190) headers.set("www-authenticate", `OAuth "Facebook Platform" "invalid_token"`);
    return new Response(JSON.stringify(errorBody(error)), { status: error.status, headers });
  });
  app.use("*", graphHeaders(sim));
  app.use("*", graphCall(sim));
  app.route("/", tokenRoutes(sim));
  app.use("*", requireToken(sim));
  app.post("/:id/messages", (c) => {
    const phone = requirePhone(sim.world, c.req.param("id"));
    const call = c.get("call");
    const problem = sendingProblem(sim.world, phone);
    if (problem) throw problem;
    if (call.body.status === "read") {
      markReadByBusiness(sim, phone, call.body);
      return c.json({ success: true });
    }
    const message = acceptSend(sim, phone, call.body);
    call.accepted = message.wamid;
    return c.json(sendResponse(sim, message, call.body));
  });
  app.route("/", mediaRoutes(sim));
  app.route("/", templateRoutes(sim));
  app.route("/", peopleRoutes(sim));
  app.route("/", appRoutes(sim));
  app.route("/", phoneExtraRoutes(sim));
  app.route("/", historyRoutes(sim));
  app.route("/", flowRoutes(sim));
  app.route("/", phoneRoutes(sim));
  app.route("/", wabaRoutes(sim));
  app.all("/:id{\\d+}", (c) => {
    throw noSuchObject(c.req.param("id"), c.req.method);
  });
  app.all("*", (c) => {
    throw new GraphRefusal(2500, `Unknown path components: ${c.req.path}`);
  });
  return app;
}
