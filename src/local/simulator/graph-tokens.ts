import { Hono, type MiddlewareHandler } from "hono";
import { APP_ID, appSecretOf, appState, BUSINESS_ID, findPhone } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal, noSuchObject } from "./graph-errors.ts";
import { findTemplate } from "./templates.ts";
import {
  isAppToken,
  isProof,
  SCOPES,
  saveTokenState,
  tokenData,
  tokenProblem,
  tokenState,
} from "./tokens.ts";

const [MANAGEMENT = "", MESSAGING = ""] = SCOPES;
/** Which scopes allow a call, by its edge; a call of another edge, or of none, needs one of both. */
const SCOPES_OF_EDGE: Record<string, string[]> = {
  messages: [MESSAGING],
  marketing_messages: [MESSAGING],
  media: [MESSAGING],
  calls: [MESSAGING],
  block_users: [MESSAGING],
  phone_numbers: [MANAGEMENT],
  message_templates: [MANAGEMENT],
  subscribed_apps: [MANAGEMENT],
  register: [MANAGEMENT],
  deregister: [MANAGEMENT],
  request_code: [MANAGEMENT],
  verify_code: [MANAGEMENT],
  settings: [MANAGEMENT],
  smb_app_data: [MANAGEMENT],
};

/** Refuses a token that is no longer valid, a wrong proof, and a token that may not make this call. */
export function requireToken(sim: Simulation): MiddlewareHandler<GraphEnv> {
  const { world } = sim;
  return async (c, next) => {
    const { token, proof } = c.get("call");
    const problem = tokenProblem(world, sim.faults, token);
    if (problem) throw problem;
    if (proof === null && appState(world).requiresProof && !isAppToken(token))
      throw proofRefusal("API calls from the server require an appsecret_proof argument");
    if (proof !== null && !isProof(world, token ?? "", proof))
      throw proofRefusal("Invalid appsecret_proof provided in the API argument");
    requireAccess(sim, c.req.method, c.req.path, token ?? "");
    await next();
  };
}

function proofRefusal(message: string): GraphRefusal {
  return new GraphRefusal(100, { message, type: "GraphMethodException" });
}

function requireAccess({ world }: Simulation, method: string, path: string, token: string): void {
  if (isAppToken(token)) return;
  const [, id = "", edge = ""] = path.split("/");
  if (!/^\d+$/.test(id) || id === APP_ID) return;
  const { scopes, wabaIds } = tokenState(world, token);
  const wabaId = findPhone(world, id)?.wabaId ?? findTemplate(world, id)?.wabaId ?? id;
  const isOthers = id !== BUSINESS_ID && wabaIds !== null && !wabaIds.includes(wabaId);
  const isAccount = wabaId !== id || edge !== "" || world.journal.get("media", id) === null;
  if (isOthers && isAccount) throw noSuchObject(id, method);
  const needed = SCOPES_OF_EDGE[edge] ?? SCOPES;
  if (needed.some((scope) => scopes.includes(scope))) return;
  const message =
    needed.length === 1 && edge === "messages"
      ? "(#10) Application does not have permission for this action"
      : `Requires ${needed.join(" or ")} permission`;
  throw new GraphRefusal(edge === "messages" ? 10 : 200, { message, subcode: 1349176 });
}

/** Looks into tokens, and revokes them. Mounted before `requireToken`: these calls say themselves which tokens they need. */
export function tokenRoutes(sim: Simulation): Hono<GraphEnv> {
  const { world, faults } = sim;
  return new Hono<GraphEnv>()
    .get("/debug_token", (c) => {
      const { token, body } = c.get("call");
      const problem = tokenProblem(world, faults, token);
      if (problem) throw problem;
      const { input_token } = body;
      if (typeof input_token !== "string" || input_token === "")
        throw new GraphRefusal(100, { message: "(#100) The parameter input_token is required" });
      return c.json({ data: tokenData(world, input_token, tokenProblem(world, faults, input_token)) });
    })
    .get("/oauth/revoke", (c) => {
      const { client_id, client_secret, revoke_token } = c.get("call").body;
      if (client_id !== APP_ID || client_secret !== appSecretOf(world))
        throw new GraphRefusal(1, { message: "Error validating client secret." });
      if (typeof revoke_token !== "string")
        throw new GraphRefusal(100, { message: "(#100) The parameter revoke_token is required" });
      saveTokenState(world, revoke_token, { revoked: true });
      return c.json({ success: true });
    })
    .delete("/me/permissions", (c) => {
      const { token } = c.get("call");
      const problem = tokenProblem(world, faults, token);
      if (problem) throw problem;
      saveTokenState(world, token ?? "", { revoked: true });
      return c.json({ success: true });
    })
    .delete("/me/permissions/:scope", (c) => {
      const { token } = c.get("call");
      const problem = tokenProblem(world, faults, token);
      if (problem) throw problem;
      const { scopes } = tokenState(world, token ?? "");
      saveTokenState(world, token ?? "", {
        scopes: scopes.filter((scope) => scope !== c.req.param("scope")),
      });
      return c.json({ success: true });
    });
}
