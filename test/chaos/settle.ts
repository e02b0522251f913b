import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "./agents.ts";
import type { Deliveries } from "./deliveries.ts";
import type { System } from "./system.ts";

const POLL_MS = 1_000;
/** So long nothing may change before it counts as rest. */
const CALM_POLLS = 4;

export type Settled = {
  seconds: number;
  /** What had not come to rest when the patience was over. */
  unsettled: string[];
};

/** Waits until every post has its 200, nothing waits in a spool or at Meta's, and every send has an end. */
export async function settle(
  system: System,
  deliveries: Deliveries,
  admin: Agent,
  limitMs: number,
): Promise<Settled> {
  const startedAtMs = Date.now();
  const left = () => limitMs - (Date.now() - startedAtMs);
  const unsettled: string[] = [];
  if (!(await deliveries.finish(left()))) unsettled.push("posts without a 200");
  let [calm, seen] = [0, ""];
  let waits: string[] = [];
  while (calm < CALM_POLLS && left() > 0) {
    system.hurryWebhooks();
    await sleep(POLL_MS);
    waits = await waiting(system, admin);
    const counts = JSON.stringify(await system.query(COUNTS));
    calm = waits.length === 0 && counts === seen ? calm + 1 : 0;
    seen = counts;
  }
  if (calm < CALM_POLLS) unsettled.push(...(waits.length > 0 ? waits : ["the counts still change"]));
  return { seconds: Math.round((Date.now() - startedAtMs) / 1000), unsettled };
}

const COUNTS = `select (select count(*) from "Message")::int, (select count(*) from "MessageStatus")::int as statuses,
  (select count(*) from "ChatEvent")::int as events, (select count(*) from "WebhookEvent")::int as raw`;

async function waiting(system: System, admin: Agent): Promise<string[]> {
  const depth = await spooled(admin);
  const pending = await fetch(`${system.simulatorUrl}/simulator/webhooks`);
  const { data } = (await pending.json()) as { data: unknown[] };
  const open = await system.query<{ status: string; count: number }>(
    `select status, count(*)::int from "Message" where status in ('queued', 'sending') group by status`,
  );
  return [
    ...(depth === 0 ? [] : [`${depth ?? "unknown"} events in the spools`]),
    ...(data.length === 0 ? [] : [`${data.length} webhooks of the simulator`]),
    ...open.map(({ status, count }) => `${count} messages ${status}`),
  ];
}

/** How much waits in all spools; null when it cannot be told. */
export async function spooled(admin: Agent): Promise<number | null> {
  try {
    const answer = await admin.get("/metrics");
    const { spool } = (await answer.json()) as { spool: { depth: number; imports: number }[] | null };
    return spool ? spool.reduce((sum, { depth, imports }) => sum + depth + imports, 0) : null;
  } catch {
    return null;
  }
}
