import { createMiddleware } from "hono/factory";
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from "jose";
import { type ActionContext, actionContext } from "../actions/context.ts";
import {
  type Config,
  databaseUrlOf,
  type JwtSettings,
  readConfig,
  SECRET_BYTES,
  secretBytes,
} from "../config.ts";
import { agentFor } from "../db/agents.ts";
import { connect, type Db } from "../db/client.ts";
import { findOrganization } from "../db/organizations.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import type { HttpEnv } from "./http-env.ts";
import { KeySet, KeysUnavailable } from "./key-set.ts";
import { requireAllowedOrigin } from "./origins.ts";
import { readClaims, type TokenClaims } from "./token-claims.ts";
import { TtlCache } from "./ttl-cache.ts";

const CLOCK_TOLERANCE_S = 5;
const ACCESS_HEADER = "cf-access-jwt-assertion";
/** The algorithms of identity providers: asymmetric ones only. */
const PUBLIC_KEY_ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
/** Accepted values of `typ` (RFC 7519 §5.1, RFC 9068 §2.1). Others serve another purpose (RFC 8725 §3.11). */
const TOKEN_TYPES = ["jwt", "at+jwt"];
/** A removed organization loses access after this time. */
const organizationIds = new TtlCache<number>({ ttlMs: 60_000, maxEntries: 10_000 });
const agentIds = new TtlCache<number>({ ttlMs: 60_000, maxEntries: 10_000 });

/** Authenticates an agent by a trusted token, and sets `ctx`, the context of the agent's actions. */
export const requireAgent = createMiddleware<HttpEnv>(async (c, next) => {
  const { headers } = c.req.raw;
  // Cloudflare Access derives its header from a cookie, which a browser sends on behalf of any page.
  const isFromCookie = !headers.has("authorization") && headers.has(ACCESS_HEADER);
  if (isFromCookie && headers.has("origin")) requireAllowedOrigin(c);
  const { claims, expiresAtMs } = await readBearer(headers, readConfig(c.env));
  c.set("ctx", await contextFor(c.env, claims));
  c.set("tokenExpiresAtMs", expiresAtMs);
  await next();
});

/** Requires the role admin. Runs after `requireAgent`; routes add it with `forAdmins`. */
export const requireAdmin = createMiddleware<HttpEnv>(async (c, next) => {
  if (c.var.ctx.agent.role !== "admin")
    throw new AppError("forbidden", "This route requires the role admin.");
  await next();
});

/** The context of an agent's actions. Throws `forbidden` for an unknown organization. */
export async function contextFor(env: Env, { organization, ...person }: TokenClaims): Promise<ActionContext> {
  const db = connect(databaseUrlOf(env));
  const organizationId = await organizationIdOf(db, organization);
  if (organizationId === null) throw noOrganization();
  const holder = { organizationId, ...person };
  const id = await agentIds.get(JSON.stringify(holder), () => agentFor(db, holder));
  if (id === null) throw noOrganization(organizationId);
  return actionContext(env, db, { id, ...holder });
}

function noOrganization(organizationId?: number): AppError {
  log("access_refused", { organizationId, code: "no_organization" });
  return new AppError("forbidden", "No such organization. Check organizationId in your token.");
}

/** A number is already our id. The agent's look-up checks that the organization exists. */
async function organizationIdOf(db: Db, organization: number | string): Promise<number | null> {
  if (typeof organization === "number") return organization;
  return await organizationIds.get(organization, () => findOrganization(db, organization));
}

type Bearer = { claims: TokenClaims; expiresAtMs: number };

/**
 * Caches verified tokens per configuration, because a client sends the same token with every request. A revoked key loses
 * access within the cache's time to live.
 */
const verified = new WeakMap<JwtSettings, TtlCache<Bearer>>();

/**
 * The token of a request: its bearer token, or the one that Cloudflare Access adds to requests that it has authorized
 * (https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/).
 */
function tokenOf(headers: Headers): string | undefined {
  const header = headers.get("authorization");
  if (header === null) return headers.get(ACCESS_HEADER) ?? undefined;
  return header.match(/^Bearer +(\S+)$/i)?.[1];
}

/**
 * Verifies the token of a request and reads its holder. Algorithm, issuer and audience are pinned, and keys in the token itself
 * (`jku`, `jwk`, `x5u`) are ignored. Throws `token_missing`, `token_expired`, `token_invalid`.
 */
export async function readBearer(headers: Headers, { jwt }: Pick<Config, "jwt">): Promise<Bearer> {
  const token = tokenOf(headers);
  if (!token)
    throw new AppError("token_missing", "Provide your token in the header Authorization: Bearer <token>.");
  const bearer = await verifiedUnder(jwt).get(token, () => readToken(token, jwt));
  // A cached token may have expired: verifying it again throws the right error.
  return bearer && !isExpired(bearer) ? bearer : await readToken(token, jwt);
}

function verifiedUnder(jwt: JwtSettings): TtlCache<Bearer> {
  const known = verified.get(jwt);
  if (known) return known;
  const made = new TtlCache<Bearer>({ ttlMs: 60_000, maxEntries: 2_000 });
  verified.set(jwt, made);
  return made;
}

function isExpired({ expiresAtMs }: Bearer): boolean {
  return expiresAtMs + CLOCK_TOLERANCE_S * 1000 <= Date.now();
}

async function readToken(token: string, jwt: JwtSettings): Promise<Bearer> {
  const payload = await verify(token, jwt);
  const read = readClaims(payload, jwt);
  if ("invalidClaim" in read) throw refused(read.invalidClaim);
  // `exp` is required and checked.
  return { claims: read.claims, expiresAtMs: Number(payload.exp) * 1000 };
}

async function verify(token: string, jwt: JwtSettings): Promise<JWTPayload> {
  const { secret, jwksUrl, issuer, audience } = jwt;
  const options = {
    ...(issuer && { issuer }),
    ...(audience && { audience }),
    requiredClaims: ["exp", "sub"],
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  try {
    // Never both: the token must not choose its verification.
    if (jwksUrl)
      return await verifyWithKeySet(token, keySetOf(jwksUrl), {
        ...options,
        algorithms: PUBLIC_KEY_ALGORITHMS,
      });
    const key = secretKey(secret);
    return await verifyTyped(token, () => key, { ...options, algorithms: ["HS256"] });
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof errors.JWTExpired)
      throw new AppError("token_expired", "Your token has expired. Sign in again.");
    if (error instanceof errors.JOSEError) throw refused(checkOf(error));
    if (!(error instanceof KeysUnavailable)) log("token_refused", { check: "keys" });
    throw new AppError("unavailable", "The token cannot be verified right now.", { retryAfter: 5 });
  }
}

/** A token without a `kid` may be signed with any key for its algorithm, so each candidate is tried. */
async function verifyWithKeySet(token: string, keys: KeySet, options: JWTVerifyOptions): Promise<JWTPayload> {
  let candidates: CryptoKey[] = [];
  const nextKey: JWTVerifyGetKey = async (header, parts) => {
    if (candidates.length === 0) candidates = await keys.keysFor(header, parts);
    // `keysFor` returns at least one key.
    return candidates.shift() as CryptoKey;
  };
  for (;;) {
    try {
      return await verifyTyped(token, nextKey, options);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed) || candidates.length === 0) throw error;
    }
  }
}

async function verifyTyped(
  token: string,
  getKey: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  const { payload, protectedHeader } = await jwtVerify(token, getKey, options);
  const typ: unknown = protectedHeader.typ;
  // A media type, case-insensitive, with an optional `application/` prefix (RFC 7515 §4.1.9).
  const type = typeof typ === "string" ? typ.toLowerCase().replace(/^application\//, "") : typ;
  if (type !== undefined && !TOKEN_TYPES.includes(String(type))) throw refused("typ");
  return payload;
}

function secretKey(secret: string | null): Uint8Array {
  const key = secret === null ? null : secretBytes(secret);
  if (key) return key;
  const reason =
    secret === null ? "JWT_SECRET is not set" : `JWT_SECRET is shorter than ${SECRET_BYTES} bytes`;
  throw refused("JWT_SECRET", `No token is accepted: ${reason}.`);
}

const keySets = new Map<string, KeySet>();

/** One key set per URL and isolate, with the keys that it has fetched. */
export function keySetOf(jwksUrl: string): KeySet {
  const known = keySets.get(jwksUrl);
  if (known) return known;
  const made = new KeySet(jwksUrl);
  keySets.set(jwksUrl, made);
  return made;
}

/** The name of the check or claim that failed. */
function checkOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim;
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return "alg";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  if (error instanceof errors.JWKSNoMatchingKey) return "kid";
  return "form";
}

/** Logs which check failed, for the operator who sets up the sign-in, but nothing of the token itself. */
function refused(
  check: string,
  detail = "Your token is malformed, or was not issued for this server.",
): AppError {
  log("token_refused", { check });
  return new AppError("token_invalid", detail);
}
