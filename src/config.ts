import * as z from "zod/mini";
import { type RetentionDays, readRetention } from "./domain/retention.ts";
import { GENERATIONS } from "./domain/spooled-event.ts";

/** The operator's settings. A missing secret is null or an empty list, and whatever needs it fails with that reason. */
export type Config = {
  databaseUrl: string | null;
  /** Several during a rotation. */
  appSecrets: string[];
  verifyToken: string | null;
  sealingKeys: string | undefined;
  /** The first key signs; all of them verify. */
  signingKeys: string[];
  jwt: JwtSettings;
  graph: { baseUrl: string; version: string };
  /** Where alarms are delivered, and the secrets that sign them: all of them, while rotating. */
  alarms: { url: string | null; secrets: string[] };
  /** Whether Graph is a simulator on this machine. */
  isLocalMode: boolean;
  /** Origins, besides our own, whose pages may open sockets. */
  allowedOrigins: string[];
  /** As `[placement] region` of wrangler.toml, such as `aws:eu-central-1`: the Worker cannot see that itself. */
  placementRegion: string | null;
  /** Of the objects that work with the database, see region.ts; null when it cannot be meant: then it is 0, and readiness names it. */
  placementGeneration: number | null;
  /** `invalid`: entries of RETENTION_DAYS that cannot be meant; then nothing is removed, and readiness names them. */
  retention: { days: RetentionDays; invalid: string[] };
};

/** How agents' tokens are verified, and which of their claims say what. */
export type JwtSettings = {
  secret: string | null;
  jwksUrl: string | null;
  issuer: string | null;
  audience: string | null;
  /** Paths of claims, see http/token-claims.ts. */
  organizationClaim: string;
  roleClaim: string;
  nameClaim: string;
  /** The token's names of roles and what they are here; `*` for every other. */
  roles: ReadonlyMap<string, "agent" | "admin">;
  /** Entries of JWT_ROLES that say no role of ours: they are ignored, and readiness names them. */
  invalidRoles: string[];
};

/** The length that JWT_SECRET must have at least, that of the hash (RFC 7518 §3.2). */
export const SECRET_BYTES = 32;
const GRAPH_BASE_URL = "https://graph.facebook.com";
const GRAPH_API_VERSION = "v25.0";

const text = z.optional(z.string());
const settings = z.object({
  DATABASE_URL: text,
  META_APP_SECRET: text,
  WABA_VERIFY_TOKEN: text,
  TOKEN_SEALING_KEY: text,
  SIGNING_KEY: text,
  JWT_SECRET: text,
  JWT_JWKS_URL: text,
  JWT_ISSUER: text,
  JWT_AUDIENCE: text,
  JWT_ORGANIZATION_CLAIM: text,
  JWT_ROLE_CLAIM: text,
  JWT_NAME_CLAIM: text,
  JWT_ROLES: text,
  GRAPH_BASE_URL: text,
  GRAPH_API_VERSION: text,
  ALARM_WEBHOOK_URL: text,
  ALARM_WEBHOOK_SECRET: text,
  ALLOWED_ORIGINS: text,
  PLACEMENT_REGION: text,
  PLACEMENT_GENERATION: text,
  RETENTION_DAYS: text,
});

const configs = new WeakMap<object, Config>();

/** The settings of a Worker's or object's environment, which is parsed once. */
export function readConfig(env: object): Config {
  const known = configs.get(env);
  if (known) return known;
  const set = settings.parse(env);
  const config: Config = {
    databaseUrl: set.DATABASE_URL || null,
    appSecrets: commaSeparated(set.META_APP_SECRET),
    verifyToken: set.WABA_VERIFY_TOKEN || null,
    sealingKeys: set.TOKEN_SEALING_KEY,
    signingKeys: commaSeparated(set.SIGNING_KEY),
    jwt: {
      secret: set.JWT_SECRET || null,
      jwksUrl: set.JWT_JWKS_URL || null,
      issuer: set.JWT_ISSUER || null,
      audience: set.JWT_AUDIENCE || null,
      organizationClaim: set.JWT_ORGANIZATION_CLAIM || "organizationId",
      roleClaim: set.JWT_ROLE_CLAIM || "role",
      nameClaim: set.JWT_NAME_CLAIM || "name",
      ...readRoles(set.JWT_ROLES),
    },
    graph: {
      baseUrl: set.GRAPH_BASE_URL || GRAPH_BASE_URL,
      version: set.GRAPH_API_VERSION || GRAPH_API_VERSION,
    },
    alarms: { url: set.ALARM_WEBHOOK_URL || null, secrets: commaSeparated(set.ALARM_WEBHOOK_SECRET) },
    isLocalMode: ["127.0.0.1", "localhost"].includes(URL.parse(set.GRAPH_BASE_URL ?? "")?.hostname ?? ""),
    allowedOrigins: commaSeparated(set.ALLOWED_ORIGINS),
    placementRegion: set.PLACEMENT_REGION || null,
    placementGeneration: readGeneration(set.PLACEMENT_GENERATION || "0"),
    retention: readRetention(commaSeparated(set.RETENTION_DAYS)),
  };
  configs.set(env, config);
  return config;
}

/** The secret as a key; null when it is too short for one. */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> | null {
  const bytes = Uint8Array.from(new TextEncoder().encode(secret));
  return bytes.length >= SECRET_BYTES ? bytes : null;
}

/** The database's address. Throws when it is not set. */
export function databaseUrlOf(env: object): string {
  const { databaseUrl } = readConfig(env);
  if (!databaseUrl) throw new Error("DATABASE_URL is not set.");
  return databaseUrl;
}

/** The bucket for media files; null where the operator has none: then files are proxied from Meta. */
export function mediaBucketOf<Bucket>(env: { MEDIA?: Bucket }): Bucket | null {
  return env.MEDIA ?? null;
}

/** "inbox-admins=admin,inbox=agent,*=agent". Without it the token's roles are named as ours. */
function readRoles(value: string | undefined): Pick<JwtSettings, "roles" | "invalidRoles"> {
  const roles = new Map<string, "agent" | "admin">();
  const invalidRoles: string[] = [];
  for (const entry of commaSeparated(value || "agent=agent,admin=admin")) {
    const at = entry.lastIndexOf("=");
    const [name, role] = [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
    if (name !== "" && (role === "agent" || role === "admin")) roles.set(name, role);
    else invalidRoles.push(entry);
  }
  return { roles, invalidRoles };
}

function readGeneration(value: string): number | null {
  return /^\d{1,2}$/.test(value) && Number(value) < GENERATIONS ? Number(value) : null;
}

function commaSeparated(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
