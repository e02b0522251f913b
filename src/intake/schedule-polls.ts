import { wantedFunctions } from "../db/health.ts";
import { errorName, log } from "../log.ts";
import { orTimeout } from "../with-timeout.ts";
import type { PollNeed } from "./next-poll.ts";
import { shardNamed } from "./shards.ts";

const REPORT_LIMIT_MS = 1_000;
const ASK_LIMIT_MS = 2_000;
const NO_ANSWER = "the first shard did not answer in time";
/** From each isolate, while calls follow each other: much more often than a lease runs out. */
const REPORT_EVERY_MS = 30_000;
/** Postgres must not become slow because the first shard is. */
const RETRY_MS = 5_000;

let nextReportAtMs = 0;
let lastReportAtMs = 0;

/**
 * Reports to the first shard that the Worker asks Postgres, so that the schedule polls in the next minutes. Null when that was reported
 * just now. Never fails: the next call reports what this one could not.
 */
export function reportCall(env: Env): Promise<void> | null {
  const nowMs = Date.now();
  // After a clock was set back, nothing would be reported for long.
  if (nowMs < nextReportAtMs && nowMs >= lastReportAtMs) return null;
  lastReportAtMs = nowMs;
  nextReportAtMs = nowMs + REPORT_EVERY_MS;
  return orTimeout(REPORT_LIMIT_MS, shardNamed(env, 0).addCall(), NO_ANSWER).catch(() => {
    nextReportAtMs = nowMs + RETRY_MS;
  });
}

/** Whether a run of the schedule has to poll Postgres. Without an answer it has. */
export async function askPollNeed(env: Env, now: Date): Promise<PollNeed> {
  try {
    const asked = shardNamed(env, 0).pollNeed(versionOf(env), now.getTime());
    return await orTimeout(ASK_LIMIT_MS, asked, NO_ANSWER);
  } catch (error) {
    log("request_failed", { route: "poll", error: errorName(error) });
    return "due";
  }
}

/** Notes a poll that has found out what is due next. */
export async function notePoll(env: Env, now: Date, dueAt: Date): Promise<void> {
  const poll = { atMs: now.getTime(), dueAtMs: dueAt.getTime(), version: versionOf(env) };
  await orTimeout(ASK_LIMIT_MS, shardNamed(env, 0).addPoll(poll), NO_ANSWER);
}

/** Of the deployment, its settings included, and of the SQL functions. Outside of Cloudflare there may be no first part. */
function versionOf({ VERSION }: { VERSION?: WorkerVersionMetadata }): string {
  return `${VERSION?.id ?? ""} ${wantedFunctions}`;
}
