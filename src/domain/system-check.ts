import type { AlarmWebhookFault } from "./alarm-webhook.ts";
import { type Finding, finding } from "./check.ts";

/** The state of our own parts. */
export type SystemFacts = {
  /** Null when the database does not answer. */
  database: { wanted: number; applied: number; hasFunctions: boolean; ms: number } | null;
  objectsAnswer: boolean;
  /** Names of secrets that are not set, too short, or an example of the documentation. */
  missing: string[];
  short: string[];
  examples: string[];
  hasSealingKey: boolean;
  /** Why alarms cannot be delivered to the operator's URL; null when they can, or there is none. */
  alarmWebhookFault: AlarmWebhookFault | null;
  /** Ours minus Meta's; null when Meta gave none. */
  clockDifferenceMs: number | null;
  version: { name: string; ends: "soon" | "over" | null; endsAt: string | null; isKnown: boolean };
};

const CLOCK_LIMIT_MS = 30_000;
/** One trip to a database of the same region takes a few milliseconds. */
const FAR_MS = 500;

/** C15: the first thing that is wrong, failures before warnings. */
export function checkSystem(facts: SystemFacts): Finding {
  return failureOf(facts) ?? warningOf(facts) ?? finding("C15", "pass", "system_ok");
}

function failureOf({ database, missing, short, examples, version, ...facts }: SystemFacts): Finding | null {
  const named = (names: string[]) => ({ evidence: { names: names.join(", ") } });
  if (missing.length > 0) return finding("C15", "fail", "secrets_missing", named(missing));
  if (short.length > 0) return finding("C15", "fail", "secrets_short", named(short));
  if (examples.length > 0) return finding("C15", "fail", "secrets_example", named(examples));
  if (database === null) return finding("C15", "fail", "database_unreachable");
  const { applied, wanted } = database;
  if (applied < wanted) {
    const evidence = { applied: String(applied), wanted: String(wanted) };
    return finding("C15", "fail", "migrations_missing", { evidence });
  }
  if (!database.hasFunctions) return finding("C15", "fail", "functions_outdated");
  if (!facts.objectsAnswer) return finding("C15", "fail", "objects_silent");
  if (version.ends === "over") return finding("C15", "fail", "version_ended", versionEvidence(version));
  return null;
}

function warningOf(facts: SystemFacts): Finding | null {
  const { database, hasSealingKey, alarmWebhookFault, clockDifferenceMs, version } = facts;
  if (!hasSealingKey) return finding("C15", "warn", "sealing_key_missing");
  if (alarmWebhookFault !== null)
    return finding("C15", "warn", "alarm_webhook_unusable", { evidence: { name: alarmWebhookFault } });
  if (version.ends === "soon") return finding("C15", "warn", "version_ends_soon", versionEvidence(version));
  if (!version.isKnown) return finding("C15", "warn", "version_unknown", versionEvidence(version));
  if (clockDifferenceMs !== null && Math.abs(clockDifferenceMs) > CLOCK_LIMIT_MS) {
    const evidence = { seconds: String(Math.round(clockDifferenceMs / 1000)) };
    return finding("C15", "warn", "clock_differs", { evidence });
  }
  if (database && database.ms > FAR_MS)
    return finding("C15", "warn", "region_far", { evidence: { ms: String(Math.round(database.ms)) } });
  return null;
}

function versionEvidence({ name, endsAt }: SystemFacts["version"]) {
  return { evidence: { version: name, endsAt: endsAt?.slice(0, 10) ?? "–" } };
}
