import { createHash, createHmac } from "node:crypto";
import { APP_ID, allWabaIds, appSecretOf } from "./accounts.ts";
import type { Faults } from "./faults.ts";
import type { Fields } from "./fields.ts";
import { GraphRefusal } from "./graph-errors.ts";
import { unixSeconds, type World } from "./world.ts";

export const SCOPES = ["whatsapp_business_management", "whatsapp_business_messaging"];

/** How a token, or every token without a state of its own, differs from a system user's that never expires. */
export type TokenState = {
  revoked: boolean;
  type: "SYSTEM_USER" | "USER";
  /** Unix seconds; 0 never. */
  expiresAt: number;
  scopes: string[];
  /** The WABAs in `granular_scopes`; null is all of them. */
  wabaIds: string[] | null;
  /** Null: Meta does not say whose token it is. */
  appId: string | null;
  /** Whether Meta lists the permissions: at times it leaves them out. */
  listsScopes: boolean;
};

/** The key under which the state of all other tokens is stored. */
const ANY_TOKEN = "*";

const HEALTHY: TokenState = {
  revoked: false,
  type: "SYSTEM_USER",
  expiresAt: 0,
  scopes: SCOPES,
  wabaIds: null,
  appId: APP_ID,
  listsScopes: true,
};

/** Tokens are stored by their hash, since somebody may use a real one here. */
function tokenKey(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function tokenState({ journal }: World, token: string): TokenState {
  return journal.get("token", tokenKey(token)) ?? journal.get("token", ANY_TOKEN) ?? HEALTHY;
}

/** Changes the state of one token, or with null of all that have no state of their own. */
export function saveTokenState(world: World, token: string | null, change: Partial<TokenState>): TokenState {
  const current = token === null ? world.journal.get("token", ANY_TOKEN) : tokenState(world, token);
  const next = { ...HEALTHY, ...current, ...change };
  world.journal.put("token", token === null ? ANY_TOKEN : tokenKey(token), next);
  return next;
}

/** `{app id}|{app secret}`, which calls about the app itself need. */
export function isAppToken(token: string | null): boolean {
  return /^\d+\|/.test(token ?? "");
}

/**
 * Why Graph refuses a token, or null. Any that starts with EAA, as Meta's do, is valid unless its state or the fault
 * `expiredToken` says otherwise. https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export function tokenProblem(world: World, faults: Faults, token: string | null): GraphRefusal | null {
  if (token === null || token === "")
    return new GraphRefusal(104, { message: "An access token is required to request this resource" });
  if (isAppToken(token)) {
    if (token === `${APP_ID}|${appSecretOf(world)}`) return null;
    return refused("Invalid OAuth access token signature.");
  }
  if (!token.startsWith("EAA")) return refused("Invalid OAuth access token - Cannot parse access token");
  const { revoked, expiresAt } = tokenState(world, token);
  if (revoked)
    return refused(
      "Error validating access token: The session has been invalidated because the token was revoked.",
      467,
    );
  const expired =
    (expiresAt !== 0 && expiresAt <= unixSeconds(world.now())) ||
    faults.consume("expiredToken", (fault) => fault.token === undefined || fault.token === token);
  return expired ? refused("Error validating access token: Session has expired", 463) : null;
}

function refused(message: string, subcode: number | null = null): GraphRefusal {
  return new GraphRefusal(190, { message, subcode });
}

/** `debug_token`'s data, whose `error` is there when Graph would refuse the token. */
export function tokenData(world: World, token: string, problem: GraphRefusal | null): Fields {
  const { type, expiresAt, scopes, wabaIds, appId, listsScopes } = tokenState(world, token);
  if (problem?.subcode === null)
    return { error: { code: 190, message: problem.message }, is_valid: false, scopes: [] };
  const target_ids = wabaIds ?? allWabaIds(world);
  return {
    ...(appId !== null && { app_id: appId, application: "WABA Edge" }),
    type,
    ...(problem && { error: { code: 190, message: problem.message, subcode: problem.subcode } }),
    ...(type === "USER" && { data_access_expires_at: expiresAt }),
    expires_at: expiresAt,
    is_valid: problem === null,
    ...(listsScopes && { scopes, granular_scopes: scopes.map((scope) => ({ scope, target_ids })) }),
    user_id: "122100000000000001",
  };
}

/** Whether `appsecret_proof` is the HMAC of the token under the app's secret of now. */
export function isProof(world: World, token: string, proof: unknown): boolean {
  return proof === createHmac("sha256", appSecretOf(world)).update(token).digest("hex");
}
