import type { Config } from "../config.ts";
import {
  type AlarmDelivery,
  claimAlarmDeliveries,
  queueAlarmDeliveries,
  settleAlarmDelivery,
} from "../db/alarm-deliveries.ts";
import type { Db } from "../db/client.ts";
import { alarmWebhookFault } from "../domain/alarm-webhook.ts";
import { log } from "../log.ts";
import { afterAttempt } from "./next-attempt.ts";
import { webhookHeaders } from "./standard-webhook.ts";

const DELIVERIES_PER_RUN = 20;
/** Of one attempt. */
const LIMIT_MS = 15_000;

/**
 * Delivers alarms to the operator's URL, where one is set: each when it is raised and when it is cleared, at least once. A receiver
 * knows a repetition by its `webhook-id`. A delivery that fails is repeated by later runs. Settings that cannot be used deliver
 * nothing; C15 names them.
 */
export async function deliverAlarms(
  db: Db,
  { alarms, isLocalMode }: Pick<Config, "alarms" | "isLocalMode">,
  now: Date,
): Promise<void> {
  const { url, secrets } = alarms;
  if (url === null || alarmWebhookFault({ alarms, isLocalMode }) !== null) return;
  await queueAlarmDeliveries(db, now);
  const due = await claimAlarmDeliveries(db, now, DELIVERIES_PER_RUN);
  await Promise.all(due.map((delivery) => deliver(db, delivery, { url, secrets }, now)));
}

async function deliver(
  db: Db,
  delivery: AlarmDelivery,
  { url, secrets }: { url: string; secrets: readonly string[] },
  now: Date,
): Promise<void> {
  const { event, attempts, organizationId, notice, epoch } = delivery;
  const isCleared = event === "alarm.cleared";
  const timestamp = isCleared ? notice.clearedAt : notice.createdAt;
  // An alarm that was cleared before it could be delivered is first delivered as it was raised.
  const data = { organizationId, ...notice, ...(!isCleared && { clearedAt: null }) };
  const body = JSON.stringify({ type: event, timestamp, data });
  const id = `${epoch}-${notice.id}-${isCleared ? "cleared" : "raised"}`;
  const headers = await webhookHeaders({ id, body, at: new Date() }, secrets);
  const status = await post(url, headers, body);
  const { isDelivered, retryAfterMs } = afterAttempt(attempts, status);
  await settleAlarmDelivery(db, delivery, {
    deliveredAt: isDelivered ? now : null,
    nextAttemptAt: retryAfterMs === null ? null : new Date(now.getTime() + retryAfterMs),
  });
  if (!isDelivered) log("alarm_not_delivered", { noticeId: notice.id, code: status, count: attempts });
}

/** The answer's status; null when none came in time. A redirect is not followed: it could lead anywhere, also to a private address. */
async function post(url: string, headers: Record<string, string>, body: string): Promise<number | null> {
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return null;
  }
}
