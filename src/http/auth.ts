import { createMiddleware } from "hono/factory";
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { type ActionContext, actionContext } from "../actions/context.ts";
import { type Config, databaseUrlOf, readConfig } from "../config.ts";
import { agentFor, roles, type TokenHolder } from "../db/agents.ts";
import { connect } from "../db/client.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import type { HttpEnv } from "./http-env.ts";
import { TtlCache } from "./ttl-cache.ts";

const CLOCK_TOLERANCE_S = 5;
/** What jose says when the keys were not had: another status than 200, no JSON, no set of keys, or nothing in time. */
const KEYS_AWAY = ["ERR_JOSE_GENERIC", "ERR_JWKS_INVALID", "ERR_JWKS_TIMEOUT"];
/** An organization that was removed ends access so late. */
const agentIds = new TtlCache<number>({ ttlMs: 60_000, maxEntries: 10_000 });

/** Text that Postgres can hold: neither U+0000 nor half a surrogate pair. */
const text = z
  .string()
  .min(1)
  .max(255)
  .refine((value) => value.isWellFormed() && !value.includes("\0"));

const claims = z.object({
  sub: text,
  organizationId: z.int().min(1).max(2_147_483_647),
  role: z.enum(roles),
  name: text.optional(),
  exp: z.number(),
});

/** Lets in who carries a token that we trust, and puts `ctx` in place: all that an action of this agent may reach. */
export const requireAgent = createMiddleware<HttpEnv>(async (c, next) => {
  const { holder, expiresAtMs } = await readBearer(c.req.header("authorization"), readConfig(c.env));
  c.set("ctx", await contextFor(c.env, holder));
  c.set("tokenExpiresAtMs", expiresAtMs);
  await next();
});

/** Behind `requireAgent`, declared with the route: lets in admins only. */
export const requireAdmin = createMiddleware<HttpEnv>(async (c, next) => {
  if (c.var.ctx.agent.role !== "admin") throw new AppError("forbidden", "This takes the role admin.");
  await next();
});

/** What an agent's actions reach. Throws `forbidden` when there is no such organization. */
export async function contextFor(env: Env, holder: TokenHolder): Promise<ActionContext> {
  const db = connect(databaseUrlOf(env));
  const id = await agentIds.get(JSON.stringify(holder), () => agentFor(db, holder));
  if (id === null) {
    log("access_refused", { organizationId: holder.organizationId, code: "no_organization" });
    throw new AppError("forbidden", "There is no such organization.");
  }
  return actionContext(env, db, { id, ...holder });
}

type Bearer = { holder: TokenHolder; expiresAtMs: number };

/**
 * Whose tokens were verified under a configuration: a client sends the same token with every request. A key that was withdrawn
 * ends access so late.
 */
const verified = new WeakMap<Config["jwt"], TtlCache<Bearer>>();

/**
 * Who a bearer token speaks for. Its algorithm, issuer and audience are pinned, and keys that it brings along (`jku`,
 * `jwk`, `x5u`) are never looked at. Throws `token_missing`, `token_expired`, `token_invalid`.
 */
export async function readBearer(header: string | undefined, { jwt }: Config): Promise<Bearer> {
  const token = header?.match(/^Bearer +(\S+)$/i)?.[1];
  if (!token) throw new AppError("token_missing", "Send Authorization: Bearer with a token.");
  const bearer = await verifiedUnder(jwt).get(token, () => readToken(token, jwt));
  // It may have expired since: its verification says so.
  return bearer && !isExpired(bearer) ? bearer : await readToken(token, jwt);
}

function verifiedUnder(jwt: Config["jwt"]): TtlCache<Bearer> {
  const known = verified.get(jwt);
  if (known) return known;
  const made = new TtlCache<Bearer>({ ttlMs: 60_000, maxEntries: 2_000 });
  verified.set(jwt, made);
  return made;
}

function isExpired({ expiresAtMs }: Bearer): boolean {
  return expiresAtMs + CLOCK_TOLERANCE_S * 1000 <= Date.now();
}

async function readToken(token: string, jwt: Config["jwt"]): Promise<Bearer> {
  const payload = await verify(token, jwt);
  const { success, data } = claims.safeParse(payload);
  if (!success) throw invalidToken();
  const { sub, organizationId, role, name = sub, exp } = data;
  return { holder: { sub, organizationId, role, name }, expiresAtMs: exp * 1000 };
}

async function verify(
  token: string,
  { secret, jwksUrl, issuer, audience }: Config["jwt"],
): Promise<JWTPayload> {
  const pinned = {
    ...(issuer && { issuer }),
    ...(audience && { audience }),
    requiredClaims: ["exp", "sub", "organizationId", "role"],
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  try {
    // Never both: a token must not choose how it is checked.
    const { payload, protectedHeader } = jwksUrl
      ? await jwtVerify(token, keysOf(jwksUrl), {
          ...pinned,
          algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        })
      : await jwtVerify(token, secretKey(secret), { ...pinned, algorithms: ["HS256"] });
    if (!["JWT", "at+jwt", undefined].includes(protectedHeader.typ)) throw invalidToken();
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new AppError("token_expired", "Sign in again.");
    const isTokens = error instanceof errors.JOSEError && !KEYS_AWAY.includes(error.code);
    if (isTokens || error instanceof AppError) throw invalidToken();
    throw new AppError("unavailable", "The token cannot be checked just now.", { retryAfter: 5 });
  }
}

function secretKey(secret: string | null): Uint8Array {
  if (!secret) throw new AppError("token_invalid", "No token is accepted: JWT_SECRET is not set.");
  return new TextEncoder().encode(secret);
}

const keySets = new Map<string, JWTVerifyGetKey>();

function keysOf(jwksUrl: string): JWTVerifyGetKey {
  const known = keySets.get(jwksUrl);
  if (known) return known;
  const made = createRemoteJWKSet(new URL(jwksUrl));
  keySets.set(jwksUrl, made);
  return made;
}

function invalidToken(): AppError {
  return new AppError("token_invalid", "The token was not made for this system, or is damaged.");
}
