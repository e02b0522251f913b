import { readConfig } from "../config.ts";
import type { Db } from "../db/client.ts";
import { migrationState } from "../db/health.ts";
import { alarmWebhookFault } from "../domain/alarm-webhook.ts";
import type { SystemFacts } from "../domain/system-check.ts";
import { graphVersions, versionNotice } from "../whatsapp/graph-versions.ts";
import { withTimeout } from "../with-timeout.ts";

const LIMIT_MS = 2_000;
const SECRET_BYTES = 32;
/** Meta's app secrets have 32 hex digits; a verify token is ours to choose. */
const APP_SECRET_LENGTH = 16;
const VERIFY_TOKEN_LENGTH = 12;
/** What the documentation and local mode use. */
const EXAMPLES = ["local-app-secret", "local-verify-token"];

/** The state of our own parts, as C15 judges it. */
export async function systemFacts(
  env: Env,
  db: Db,
  {
    version,
    askObjects,
    now,
  }: {
    /** The Graph version that the number is called with. */
    version: string;
    /** Rejects when the Durable Objects do not answer. */
    askObjects: () => Promise<unknown>;
    now: Date;
  },
): Promise<SystemFacts> {
  const [database, objectsAnswer, clockDifferenceMs] = await Promise.all([
    databaseFacts(db),
    withTimeout(
      LIMIT_MS,
      askObjects().then(() => true),
    ).catch(() => false),
    clockDifference(readConfig(env).graph.baseUrl),
  ]);
  const notice = versionNotice(version, now);
  return {
    database,
    objectsAnswer: objectsAnswer === true,
    ...secretFacts(env),
    alarmWebhookFault: alarmWebhookFault(readConfig(env)),
    clockDifferenceMs,
    version: {
      name: version,
      ends: notice === null ? null : notice.kind === "ended" ? "over" : "soon",
      endsAt: notice?.endsAt?.toISOString() ?? null,
      // A malformed one is for C01 to say.
      isKnown: Object.hasOwn(graphVersions, version) || !/^v\d+\.\d+$/.test(version),
    },
  };
}

async function databaseFacts(db: Db): Promise<SystemFacts["database"]> {
  const startedAtMs = Date.now();
  const state = await withTimeout(LIMIT_MS, migrationState(db)).catch(() => null);
  return state ? { ...state, ms: Date.now() - startedAtMs } : null;
}

/** Meta's clock is in the header `Date` of any answer, to the second: also of the refusal of a call without a token. */
async function clockDifference(graphUrl: string): Promise<number | null> {
  try {
    const answer = await fetch(`${graphUrl.replace(/\/+$/, "")}/me`, {
      redirect: "manual",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    await answer.body?.cancel();
    const date = Date.parse(answer.headers.get("date") ?? "");
    return Number.isNaN(date) ? null : Date.now() - date;
  } catch {
    return null;
  }
}

function secretFacts(env: Env): Pick<SystemFacts, "missing" | "short" | "examples" | "hasSealingKey"> {
  const { appSecrets, verifyToken, signingKeys, jwt, sealingKeys, isLocalMode } = readConfig(env);
  const encoder = new TextEncoder();
  const isShort = (value: string | null, least: number) =>
    value !== null && encoder.encode(value).length < least;
  const isExample = (value: string | null) => !isLocalMode && value !== null && EXAMPLES.includes(value);
  const names = (found: Record<string, boolean>) => Object.keys(found).filter((name) => found[name]);
  return {
    missing: names({
      // C08 misses the app secret.
      SIGNING_KEY: signingKeys.length === 0,
      "JWT_SECRET or JWT_JWKS_URL": jwt.secret === null && jwt.jwksUrl === null,
    }),
    short: names({
      META_APP_SECRET: appSecrets.some((secret) => isShort(secret, APP_SECRET_LENGTH)),
      WABA_VERIFY_TOKEN: isShort(verifyToken, VERIFY_TOKEN_LENGTH),
      JWT_SECRET: isShort(jwt.secret, SECRET_BYTES),
    }),
    examples: names({
      META_APP_SECRET: appSecrets.some(isExample),
      WABA_VERIFY_TOKEN: isExample(verifyToken),
    }),
    hasSealingKey: (sealingKeys ?? "").trim() !== "",
  };
}
