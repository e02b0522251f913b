import { type Config, readConfig } from "../config.ts";
import { connect } from "../db/client.ts";
import { migrationState } from "../db/health.ts";
import { newRouter } from "./router.ts";

const CHECK_LIMIT_MS = 2_000;
const REUSE_MS = 2_000;

type Check = { status: "ok" | "failed"; detail?: string; ms?: number };
type Readiness = { status: "ok" | "failed"; checks: Record<string, Check> };

/** Mounted at the root, for anyone: whether it lives, and whether it could serve. */
export const healthRoutes = newRouter();

/** Touches nothing, and so does not fail because something else does. */
healthRoutes.get("/healthz", (c) => c.json({ status: "ok" }));

let last: { readiness: Readiness; atMs: number } | null = null;

/** Red with the names of what is missing. Webhooks do not ask it. A result is reused, so that nobody can load Postgres. */
healthRoutes.get("/readyz", async (c) => {
  if (!last || Date.now() - last.atMs > REUSE_MS)
    last = { readiness: await check(readConfig(c.env)), atMs: Date.now() };
  return c.json(last.readiness, last.readiness.status === "ok" ? 200 : 503);
});

async function check(config: Config): Promise<Readiness> {
  const checks = { ...(await checkDatabase(config.databaseUrl)), secrets: checkSecrets(config) };
  const failed = Object.values(checks).some(({ status }) => status === "failed");
  return { status: failed ? "failed" : "ok", checks };
}

async function checkDatabase(databaseUrl: string | null): Promise<{ postgres: Check; migrations: Check }> {
  const startedAtMs = Date.now();
  try {
    if (!databaseUrl) throw new Error("no database");
    const { wanted, applied } = await withinLimit(migrationState(connect(databaseUrl)));
    const migrated = applied >= wanted;
    return {
      postgres: { status: "ok", ms: Date.now() - startedAtMs },
      migrations: migrated
        ? { status: "ok" }
        : { status: "failed", detail: `${applied} of ${wanted} applied` },
    };
  } catch {
    const detail = databaseUrl ? "cannot be reached, or was never migrated" : "DATABASE_URL is not set";
    return { postgres: { status: "failed", detail }, migrations: { status: "failed", detail: "not known" } };
  }
}

function checkSecrets(config: Config): Check {
  const missing = [
    config.appSecrets.length === 0 && "META_APP_SECRET",
    !config.verifyToken && "WABA_VERIFY_TOKEN",
    config.signingKeys.length === 0 && "SIGNING_KEY",
    !config.jwt.secret && !config.jwt.jwksUrl && "JWT_SECRET or JWT_JWKS_URL",
    config.jwt.secret !== null && config.jwt.secret.length < 32 && "JWT_SECRET of 32 characters or more",
  ].filter((name) => name !== false);
  return missing.length === 0
    ? { status: "ok" }
    : { status: "failed", detail: `missing: ${missing.join(", ")}` };
}

async function withinLimit<Result>(asked: Promise<Result>): Promise<Result> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("no answer in time")), CHECK_LIMIT_MS);
  try {
    return await Promise.race([asked, limit]);
  } finally {
    clearTimeout(timer);
  }
}
