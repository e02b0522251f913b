import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { type Config, readConfig, SECRET_BYTES, secretBytes } from "../config.ts";
import { connect } from "../db/client.ts";
import { type MigrationState, migrationState, unassignedNotices } from "../db/health.ts";
import { LEAST_RETENTION_DAYS } from "../domain/retention.ts";
import { GENERATIONS } from "../domain/spooled-event.ts";
import { type ShardState, spoolStates } from "../intake/shards.ts";
import { databaseRegionOf, regionsApart } from "../region.ts";
import { orTimeout, withTimeout } from "../with-timeout.ts";
import { keySetOf } from "./auth.ts";
import { forEveryone, json, onlyProblems } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";

const CHECK_LIMIT_MS = 2_000;
const NO_ANSWER = "no answer in time";
const REUSE_MS = 2_000;
const OLDEST_SPOOLED_MS = 5 * 60_000;

const status = z.enum(["ok", "failed"]);
const count = z.int().min(0);

const checked = z
  .object({
    status,
    detail: z.string().optional().meta({ description: "What is wrong." }),
    ms: count.optional().meta({ description: "How long Postgres took." }),
    depth: count.optional().meta({ description: "Events that wait for Postgres." }),
    oldestSeconds: count.nullable().optional(),
  })
  .meta({ id: "ReadinessCheck" });
const readiness = z.object({ status, checks: z.record(z.string(), checked) }).meta({ id: "Readiness" });

type Check = z.infer<typeof checked>;
type Readiness = z.infer<typeof readiness>;

const getLiveness = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "getLiveness",
  summary: "Whether the Worker runs",
  description: "Does no I/O, so it does not fail because a dependency does.",
  ...forEveryone,
  responses: {
    200: json("It runs.", z.object({ status: z.literal("ok") })),
    ...onlyProblems("method_not_allowed"),
  },
});

const getReadiness = createRoute({
  method: "get",
  path: "/readyz",
  operationId: "getReadiness",
  summary: "Whether everything that the Worker needs is there",
  description:
    "Checks Postgres, migrations, secrets, the spool and the keys of sign-in. Webhooks do not depend on it. The result is up to two seconds old.",
  ...forEveryone,
  responses: {
    200: json("All checks passed.", readiness),
    503: json("A check failed.", readiness),
    ...onlyProblems("method_not_allowed"),
  },
});

// Polling must not load Postgres.
let last: { readiness: Readiness; atMs: number } | null = null;

/** Mounted at the root, without a token: liveness and readiness. */
export const healthRoutes = newRouter()
  .openapi(getLiveness, (c) => c.json({ status: "ok" as const }, 200))
  .openapi(getReadiness, async (c) => {
    if (!last || Date.now() - last.atMs > REUSE_MS)
      last = { readiness: await check(c.env), atMs: Date.now() };
    return c.json(last.readiness, last.readiness.status === "ok" ? 200 : 503);
  });

async function check(env: Env): Promise<Readiness> {
  const config = readConfig(env);
  const [database, shards, signInKeys] = await Promise.all([
    checkDatabase(config.databaseUrl),
    askShards(env),
    checkSignInKeys(config.jwt.jwksUrl),
  ]);
  const region = checkRegion(config, shards ?? []);
  const checks = {
    ...database,
    secrets: checkSecrets(config),
    spool: checkSpool(shards),
    ...(region && { region }),
    ...(signInKeys && { signInKeys }),
  };
  const failed = Object.values(checks).some(({ status }) => status === "failed");
  return { status: failed ? "failed" : "ok", checks };
}

async function checkDatabase(databaseUrl: string | null): Promise<Record<string, Check>> {
  const startedAtMs = Date.now();
  try {
    if (!databaseUrl) throw new Error("no database");
    const db = connect(databaseUrl);
    const migrations = checkMigrations(await orTimeout(CHECK_LIMIT_MS, migrationState(db), NO_ANSWER));
    const postgres: Check = { status: "ok", ms: Date.now() - startedAtMs };
    // The count needs the newest tables.
    if (migrations.status === "failed") return { postgres, migrations };
    return {
      postgres,
      migrations,
      notices: checkNotices(await orTimeout(CHECK_LIMIT_MS, unassignedNotices(db), NO_ANSWER)),
    };
  } catch {
    const detail = databaseUrl ? "cannot be reached, or was never migrated" : "DATABASE_URL is not set";
    return { postgres: { status: "failed", detail }, migrations: { status: "failed", detail: "not known" } };
  }
}

function checkNotices(unassigned: number): Check {
  if (unassigned === 0) return { status: "ok" };
  const detail = `critical events of accounts or phones that no row names: ${unassigned}. Correct wabaId or phoneNumber, then replay them`;
  return { status: "failed", detail };
}

function checkMigrations({ wanted, applied, hasFunctions }: MigrationState): Check {
  if (applied < wanted) return { status: "failed", detail: `${applied} of ${wanted} applied` };
  if (!hasFunctions)
    return { status: "failed", detail: "the SQL functions are another version's: npm run migrate" };
  return { status: "ok" };
}

/** Null when one does not answer. */
async function askShards(env: Env): Promise<ShardState[] | null> {
  return await orTimeout(CHECK_LIMIT_MS, spoolStates(env), NO_ANSWER).catch(() => null);
}

/** The events that wait for Postgres. Fails when the oldest has waited too long. */
function checkSpool(shards: ShardState[] | null): Check {
  if (!shards) return { status: "failed", detail: "cannot be asked" };
  const depth = shards.reduce((sum, shard) => sum + shard.depth, 0);
  const waitMs = Math.max(0, ...shards.map(({ oldestAtMs }) => (oldestAtMs ? Date.now() - oldestAtMs : 0)));
  const status = waitMs > OLDEST_SPOOLED_MS ? "failed" : "ok";
  return { status, depth, oldestSeconds: depth === 0 ? null : Math.floor(waitMs / 1000) };
}

/** Null where no keys are fetched. Known keys go on being used while their address is unavailable: the check makes that visible. */
async function checkSignInKeys(jwksUrl: string | null): Promise<Check | null> {
  if (jwksUrl === null) return null;
  const isAvailable = await withTimeout(CHECK_LIMIT_MS, keySetOf(jwksUrl).isAvailable());
  return isAvailable
    ? { status: "ok" }
    : { status: "failed", detail: "JWT_JWKS_URL gives no keys: known ones are used for up to a day" };
}

/** Null where nothing is wrong: locally, say, neither has a region. Every call between distant regions takes a hundred milliseconds. */
function checkRegion(config: Config, shards: ShardState[]): Check | null {
  const apart = regionsApart(config);
  if (apart) {
    const { worker, database } = apart;
    const detail = `the Worker is placed in ${worker}, the database in ${database}: set [placement] region and PLACEMENT_REGION in wrangler.toml`;
    return { status: "failed", detail };
  }
  const region = databaseRegionOf(config);
  const generation = config.placementGeneration ?? 0;
  const left = shards.find(
    (shard) => shard.generation === generation && shard.region !== null && shard.region !== region,
  );
  if (!left || region === null) return null;
  const detail = `Durable Objects are where the database was, in aws:${left.region}, and it is in aws:${region}: raise PLACEMENT_GENERATION in wrangler.toml`;
  return { status: "failed", detail };
}

function checkSecrets(config: Config): Check {
  const missing = [
    config.appSecrets.length === 0 && "META_APP_SECRET",
    !config.verifyToken && "WABA_VERIFY_TOKEN",
    config.signingKeys.length === 0 && "SIGNING_KEY",
    !config.jwt.secret && !config.jwt.jwksUrl && "JWT_SECRET or JWT_JWKS_URL",
    config.jwt.secret !== null &&
      secretBytes(config.jwt.secret) === null &&
      `JWT_SECRET of ${SECRET_BYTES} bytes or more`,
    config.jwt.invalidRoles.length > 0 && "JWT_ROLES in the form name=agent,name=admin",
    config.placementGeneration === null && `PLACEMENT_GENERATION from 0 to ${GENERATIONS - 1}`,
    config.retention.invalid.length > 0 &&
      `RETENTION_DAYS in the form events=90,webhooks=30, each ${LEAST_RETENTION_DAYS} or more`,
  ].filter((name) => name !== false);
  return missing.length === 0
    ? { status: "ok" }
    : { status: "failed", detail: `missing: ${missing.join(", ")}` };
}
