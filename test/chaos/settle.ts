import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "./agents.ts";
import type { Deliveries } from "./deliveries.ts";
import type { System } from "./system.ts";

const POLL_MS = 1_000;
/** The system has settled when this many polls in a row see no change. */
const STABLE_POLLS = 4;

export type Settled = {
  seconds: number;
  /** What was still pending after the timeout. */
  unsettled: string[];
};

/** Waits until every POST has a 200, no spool and no webhook queue holds anything, and every send has a result. */
export async function settle(
  system: System,
  deliveries: Deliveries,
  admin: Agent,
  timeoutMs: number,
): Promise<Settled> {
  const startedAtMs = Date.now();
  const remainingMs = () => timeoutMs - (Date.now() - startedAtMs);
  const unsettled: string[] = [];
  if (!(await deliveries.finish(remainingMs()))) unsettled.push("POSTs without a 200");
  let [stablePolls, lastCounts] = [0, ""];
  let pending: string[] = [];
  while (stablePolls < STABLE_POLLS && remainingMs() > 0) {
    system.retryWebhooksNow();
    await sleep(POLL_MS);
    pending = await pendingWork(system, admin);
    const counts = JSON.stringify(await system.query(COUNTS));
    stablePolls = pending.length === 0 && counts === lastCounts ? stablePolls + 1 : 0;
    lastCounts = counts;
  }
  if (stablePolls < STABLE_POLLS)
    unsettled.push(...(pending.length > 0 ? pending : ["the counts still change"]));
  return { seconds: Math.round((Date.now() - startedAtMs) / 1000), unsettled };
}

const COUNTS = `select (select count(*) from "Message")::int, (select count(*) from "MessageStatus")::int as statuses,
  (select count(*) from "ChatEvent")::int as events, (select count(*) from "WebhookEvent")::int as raw`;

async function pendingWork(system: System, admin: Agent): Promise<string[]> {
  const depth = await spoolDepth(admin);
  const response = await fetch(`${system.simulatorUrl}/simulator/webhooks`);
  const { data } = (await response.json()) as { data: unknown[] };
  const sends = await system.query<{ status: string; count: number }>(
    `select status, count(*)::int from "Message" where status in ('queued', 'sending') group by status`,
  );
  return [
    ...(depth === 0 ? [] : [`${depth ?? "unknown"} events in the spools`]),
    ...(data.length === 0 ? [] : [`${data.length} webhooks of the simulator`]),
    ...sends.map(({ status, count }) => `${count} messages ${status}`),
  ];
}

/** The number of events and imports in all spools; null when unknown. */
export async function spoolDepth(admin: Agent): Promise<number | null> {
  try {
    const response = await admin.get("/metrics");
    const { spool } = (await response.json()) as { spool: { depth: number; imports: number }[] | null };
    return spool ? spool.reduce((sum, { depth, imports }) => sum + depth + imports, 0) : null;
  } catch {
    return null;
  }
}
