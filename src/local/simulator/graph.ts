import { createHmac } from "node:crypto";
import { Hono, type MiddlewareHandler } from "hono";
import { acceptSend, markReadByBusiness, type Simulation, sendResponse } from "./business.ts";
import { type GraphEnv, graphCall } from "./graph-call.ts";
import { errorBody, GraphRefusal } from "./graph-errors.ts";
import { mediaRoutes } from "./graph-media.ts";
import { objectRoutes, requirePhone, tokenData, VERSION } from "./graph-objects.ts";
import { peopleRoutes } from "./graph-people.ts";
import { templateRoutes } from "./graph-templates.ts";

/** The part of the Graph API that a phone's owner uses, mounted at the root. */
export function graphRoutes(sim: Simulation, appSecret: string): Hono<GraphEnv> {
  const app = new Hono<GraphEnv>();
  app.onError((error) => {
    if (!(error instanceof GraphRefusal)) throw error;
    const headers = new Headers({ "content-type": "application/json; charset=UTF-8" });
    if (error.code === 190) headers.set("www-authenticate", `OAuth "Facebook Platform" "invalid_token"`);
    return new Response(JSON.stringify(errorBody(error)), { status: error.status, headers });
  });
  app.use("*", graphCall(sim));
  for (const path of ["/debug_token", `${VERSION}/debug_token`]) {
    app.get(path, (c) => {
      const token = c.req.query("input_token") ?? null;
      return c.json({ data: tokenData(sim.world, tokenProblem(sim, token)) });
    });
  }
  app.use("*", requireToken(sim, appSecret));
  app.post(`${VERSION}/:id/messages`, (c) => {
    const phone = requirePhone(sim.world, c.req.param("id"));
    const call = c.get("call");
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
  app.route("/", objectRoutes(sim));
  app.all("*", (c) => {
    throw new GraphRefusal(2500, `Unknown path components: ${c.req.path}`);
  });
  return app;
}

/** Any token that starts with EAA, as Meta's do, is valid unless the fault `expiredToken` applies to it. */
function tokenProblem({ faults }: Simulation, token: string | null): string | null {
  if (!token?.startsWith("EAA")) return "Invalid OAuth access token - Cannot parse access token";
  const expired = faults.consume(
    "expiredToken",
    (fault) => fault.token === undefined || fault.token === token,
  );
  return expired ? "Error validating access token: Session has expired" : null;
}

function requireToken(sim: Simulation, appSecret: string): MiddlewareHandler<GraphEnv> {
  return async (c, next) => {
    const { token } = c.get("call");
    const problem = tokenProblem(sim, token);
    if (problem) throw new GraphRefusal(190, problem, problem.includes("expired") ? 463 : null);
    const proof = c.req.query("appsecret_proof");
    if (
      proof !== undefined &&
      proof !==
        createHmac("sha256", appSecret)
          .update(token ?? "")
          .digest("hex")
    ) {
      throw new GraphRefusal(100, "Invalid appsecret_proof provided in the API argument");
    }
    await next();
  };
}
