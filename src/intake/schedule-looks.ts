import { wantedFunctions } from "../db/health.ts";
import { errorName, log } from "../log.ts";
import { orTimeout } from "../with-timeout.ts";
import type { LookNeed } from "./next-look.ts";
import { shardNamed } from "./shards.ts";

const TELL_LIMIT_MS = 1_000;
const ASK_LIMIT_MS = 2_000;
const NO_ANSWER = "the first shard did not answer in time";
/** Of calls that follow each other the first shard hears so often, from each isolate: much less than what a call's lease lasts. */
const TELL_EVERY_MS = 30_000;
/** Postgres must not become slow because the first shard is. */
const RETRY_MS = 5_000;

let nextTellAtMs = 0;
let lastTellAtMs = 0;

/**
 * Tells the first shard that the Worker asks Postgres, so that the schedule looks in the next minutes. Null when it has been told just
 * now. Never fails: what could not be told, the next call tells.
 */
export function tellCall(env: Env): Promise<void> | null {
  const nowMs = Date.now();
  // A clock that was set back would otherwise tell nothing for long.
  if (nowMs < nextTellAtMs && nowMs >= lastTellAtMs) return null;
  lastTellAtMs = nowMs;
  nextTellAtMs = nowMs + TELL_EVERY_MS;
  return orTimeout(TELL_LIMIT_MS, shardNamed(env, 0).addCall(), NO_ANSWER).catch(() => {
    nextTellAtMs = nowMs + RETRY_MS;
  });
}

/** Whether a run of the schedule has to look into Postgres. Without an answer it has. */
export async function askLookNeed(env: Env, now: Date): Promise<LookNeed> {
  try {
    const asked = shardNamed(env, 0).lookNeed(versionOf(env), now.getTime());
    return await orTimeout(ASK_LIMIT_MS, asked, NO_ANSWER);
  } catch (error) {
    log("request_failed", { route: "look", error: errorName(error) });
    return "due";
  }
}

/** Notes a look that has found out what is due next. */
export async function noteLook(env: Env, now: Date, dueAt: Date): Promise<void> {
  const look = { atMs: now.getTime(), dueAtMs: dueAt.getTime(), version: versionOf(env) };
  await orTimeout(ASK_LIMIT_MS, shardNamed(env, 0).addLook(look), NO_ANSWER);
}

/** Of the deployment, its settings included, and of the SQL functions. Outside of Cloudflare there may be no first part. */
function versionOf({ VERSION }: { VERSION?: WorkerVersionMetadata }): string {
  return `${VERSION?.id ?? ""} ${wantedFunctions}`;
}
