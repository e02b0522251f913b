import { deliverAlarms } from "./alarms/deliver-alarms.ts";
import { nextSilenceAt, observeRefusedWebhooks, observeSilence } from "./alarms/observe-phones.ts";
import { databaseUrlOf, readConfig } from "./config.ts";
import { clearHealedAlarms, raiseReportedAlarms, reconcileAlarms, recordInbound } from "./db/alarms.ts";
import { wakeSnoozedChats } from "./db/chat-changes.ts";
import { CRON_LIMIT_MS, connect } from "./db/client.ts";
import { type CommittedNotice, nothingCommitted } from "./db/committed.ts";
import { forgetErasures } from "./db/erasure.ts";
import { queuedBefore } from "./db/metrics.ts";
import { nextDueAt } from "./db/next-due.ts";
import { checkTurns } from "./db/phones-to-check.ts";
import { indexEarlierMessages } from "./db/search.ts";
import { alarmWebhookFault } from "./domain/alarm-webhook.ts";
import { nextOfMinutes } from "./domain/minutes.ts";
import { askPollNeed, notePoll } from "./intake/schedule-polls.ts";
import { spoolStates } from "./intake/shards.ts";
import { errorName, log } from "./log.ts";
import { sweepBucket } from "./media/sweep-bucket.ts";
import { sweepFiles } from "./media/wake.ts";
import { checkHourly } from "./phones/hourly-checks.ts";
import { reconcileVersionAlarms } from "./phones/version-notices.ts";
import { publish, undeliveredAfter } from "./realtime/publish.ts";
import { removeOld } from "./retention.ts";
import { sweepSends } from "./sending/dispatch.ts";

const PUBLISH_CAP_MS = 1_000;
const SPOOLED_LIMIT_MS = 5 * 60_000;
const QUEUED_LIMIT_MS = 2 * 60_000;
const WAKE_BATCH_CHATS = 200;
const WAKE_BATCHES = 20;
const INDEX_BATCH_MESSAGES = 2_000;
const INDEX_BATCHES = 20;
const VERSIONS_MINUTE = 0;
/** Not that of the other hourly jobs. */
const CLEAN_UP_MINUTE = 11;
const CLEAN_UP_LIMIT_MS = 20_000;
/** Meta repeats webhooks for 7 days, and may report of a message for as long as it keeps one that it cannot deliver: 30 days. */
const ERASURES_LIMIT_MS = 31 * 24 * 60 * 60_000;
/** Read by one run; an old database takes several until its messages are known. */
const MESSAGES_PER_RUN = 20_000;

/**
 * What the cron trigger does, each minute. It asks Postgres only when something may be due, so that a Neon compute may sleep. Never
 * fails: a job that cannot reach Postgres or an object is logged and runs again the next minute.
 */
export async function runSchedule(env: Env, now: Date): Promise<void> {
  const need = await askPollNeed(env, now);
  const jobs = [
    logCount("spool", () => spooledLong(env, now)),
    ...(need === "none"
      ? []
      : [
          logged("sweep sends", () => sweepSends(env)),
          logged("sweep files", () => sweepFiles(env)),
          logged("wake snoozed chats", () => wakeSnoozed(env)),
          logged("index messages", () => indexEarlier(env)),
          logCount("queued", () => queuedLong(env, now)),
          watchNumbers(env, now),
          logged("clean-up", () => cleanUp(env, now)),
        ]),
  ];
  const areDone = (await Promise.all(jobs)).every(Boolean);
  if (need === "due" && areDone)
    await logged("poll", async () => notePoll(env, now, await nextRunAt(env, now)));
}

/** When a run has to poll next, if the Worker does not ask Postgres meanwhile: within an hour. */
async function nextRunAt(env: Env, now: Date): Promise<Date> {
  const db = connect(databaseUrlOf(env), CRON_LIMIT_MS);
  const config = readConfig(env);
  const isDelivering = config.alarms.url !== null && alarmWebhookFault(config) === null;
  const [stored, checks] = [await nextDueAt(db, now, isDelivering), await checkTurns(db, now)];
  if (checks.isDueNow) return now;
  const turn = nextOfMinutes([...checks.minutes, VERSIONS_MINUTE, CLEAN_UP_MINUTE], now) ?? now;
  const known = stored !== null && stored < turn ? stored : turn;
  return (await nextSilenceAt(db, now, known)) ?? known;
}

/**
 * Logs a line for what has been waiting longer than it ever should.
 * @internal
 */
export async function logStuck(env: Env, now: Date): Promise<void> {
  await Promise.all([
    logCount("spool", () => spooledLong(env, now)),
    logCount("queued", () => queuedLong(env, now)),
  ]);
}

async function spooledLong(env: Env, now: Date): Promise<number> {
  const old = (await spoolStates(env)).filter(
    ({ oldestAtMs }) => oldestAtMs !== null && oldestAtMs < now.getTime() - SPOOLED_LIMIT_MS,
  );
  return old.reduce((sum, { depth }) => sum + depth, 0);
}

async function queuedLong(env: Env, now: Date): Promise<number> {
  const db = connect(databaseUrlOf(env), CRON_LIMIT_MS);
  return await queuedBefore(db, new Date(now.getTime() - QUEUED_LIMIT_MS));
}

/**
 * Indexes messages that are older than the search itself, until all are: as many as a minute allows.
 * @internal
 */
export async function indexEarlier(env: Env): Promise<void> {
  const db = connect(databaseUrlOf(env), CRON_LIMIT_MS);
  for (let batch = 0; batch < INDEX_BATCHES; batch += 1)
    if (!(await indexEarlierMessages(db, INDEX_BATCH_MESSAGES))) return;
}

/**
 * Opens the chats whose snooze has ended. After an outage there may be many: as many as a minute allows.
 * @internal
 */
export async function wakeSnoozed(env: Env): Promise<void> {
  const db = connect(databaseUrlOf(env), CRON_LIMIT_MS);
  for (let batch = 0; batch < WAKE_BATCHES; batch += 1) {
    const woken = await wakeSnoozedChats(db, WAKE_BATCH_CHATS);
    await undeliveredAfter(publish(env, woken), PUBLISH_CAP_MS);
    if (woken.chats.length < WAKE_BATCH_CHATS) return;
  }
}

/**
 * Raises and clears the alarms of all numbers, publishes those that changed, and delivers them to the operator's URL. Each number's
 * checks run once an hour, and at once when it falls silent. One part that fails does not keep the others from running. Returns whether
 * none failed.
 * @internal
 */
export async function watchNumbers(env: Env, now: Date): Promise<boolean> {
  const db = connect(databaseUrlOf(env), CRON_LIMIT_MS);
  const parts = [await logged("inbound habit", () => recordInbound(db, now, MESSAGES_PER_RUN))];
  const changed = async (part: string, job: () => Promise<CommittedNotice[]>) => {
    const isDone = await logged(part, async () => {
      const notices = await job();
      await undeliveredAfter(publish(env, { ...nothingCommitted, notices }), PUBLISH_CAP_MS);
    });
    parts.push(isDone);
  };
  const silent = new Set<number>();
  await changed("silence", async () => {
    const observations = await observeSilence(db, now);
    for (const { organizationPhoneId } of observations) silent.add(organizationPhoneId ?? 0);
    return await reconcileAlarms(db, observations);
  });
  await changed("hourly checks", () => checkHourly(env, db, now, [...silent]));
  await changed("refused webhooks", async () => reconcileAlarms(db, await observeRefusedWebhooks(db, now)));
  if (now.getUTCMinutes() === VERSIONS_MINUTE)
    await changed("graph versions", () => reconcileVersionAlarms(db, readConfig(env).graph.version, now));
  // In this order a newer report on the same cause takes the place of the older one.
  await changed("healed alarms", () => clearHealedAlarms(db, now));
  await changed("reported alarms", () => raiseReportedAlarms(db, now));
  parts.push(await logged("alarm deliveries", () => deliverAlarms(db, readConfig(env), now)));
  return parts.every(Boolean);
}

/**
 * Once an hour: removes what is older than the operator wants it, and what nothing refers to any more.
 * @internal
 */
export async function cleanUp(env: Env, now: Date): Promise<void> {
  if (now.getUTCMinutes() !== CLEAN_UP_MINUTE) return;
  await removeOld(env, now, CLEAN_UP_LIMIT_MS);
  await forgetErasures(
    connect(databaseUrlOf(env), CRON_LIMIT_MS),
    new Date(now.getTime() - ERASURES_LIMIT_MS),
  );
  // Last: R2 may fail where Postgres does not.
  await sweepBucket(env, now);
}

/** Returns whether it could be counted. */
async function logCount(code: string, count: () => Promise<number>): Promise<boolean> {
  try {
    const stuck = await count();
    if (stuck > 0) log("overdue", { code, count: stuck });
    return true;
  } catch (error) {
    log("overdue", { code, error: errorName(error) });
    return false;
  }
}

/** Returns whether the job was done. */
async function logged(route: string, job: () => Promise<void>): Promise<boolean> {
  try {
    await job();
    return true;
  } catch (error) {
    log("request_failed", { route, error: errorName(error) });
    return false;
  }
}
