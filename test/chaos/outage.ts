import { setTimeout as sleep } from "node:timers/promises";
import { anAgent } from "./agents.ts";
import { startDeliveries } from "./deliveries.ts";
import { aText, type Line, lines } from "./events.ts";
import { inboundDifferences, numberingDifferences } from "./ledger.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { prime } from "./storm.ts";
import type { System } from "./system.ts";

const PER_SECOND = 50;
const SETTLE_LIMIT_MS = 180_000;

/** Postgres is stopped, or stands still, while customers go on writing; afterwards everything must be there, each chat in its order. */
export async function outage(system: System, seconds: number, isFrozen: boolean): Promise<Report> {
  const deliveries = startDeliveries(system.url);
  const all = lines();
  await prime(system, deliveries, all);
  const admin = await anAgent(system.url, 1);
  deliveries.latencies.length = 0;
  const goOn = isFrozen ? await system.freezePostgres() : system.resumePostgres;
  if (!isFrozen) await system.stopPostgres();

  const startedAtMs = Date.now();
  /** By customer: what is sent next waits for the 200 of what was sent before. */
  const lanes = new Map<Line, Promise<void>>();
  for (let i = 0; i < seconds * PER_SECOND; i += 1) {
    await sleep(Math.max(0, startedAtMs + (i * 1_000) / PER_SECOND - Date.now()));
    const line = all[i % all.length];
    if (!line) continue;
    lanes.set(
      line,
      (lanes.get(line) ?? Promise.resolve()).then(() => deliveries.deliver([aText(line)])),
    );
  }
  await Promise.all(lanes.values());
  const refused = [...deliveries.refused];
  const acknowledgedMeanwhile = deliveries.latencies.length;
  await goOn();

  const settled = await settle(system, deliveries, admin, SETTLE_LIMIT_MS);
  const byNumber = await orderDifferences(system, all, "m.seq");
  return {
    ...summary(system, deliveries, settled),
    acknowledgedMeanwhile,
    chatsNumberedInAnotherOrder: `${byNumber.length} of ${all.length}`,
    differences: [
      ...settled.unsettled.map((what) => `not settled: ${what}`),
      ...refused.map(([status, count]) => `${count} posts were answered ${status || "not at all"}`),
      ...(await inboundDifferences(system, deliveries)),
      ...(await numberingDifferences(system)),
      // A statement that stands still may commit long after it was given up, and then those of several batches race for
      // the chat's row: there only the order that people see is certain.
      ...(isFrozen ? await orderDifferences(system, all, 'm."createdAt", m.seq') : byNumber),
    ],
  };
}

/** Every chat whose messages do not stand in the order in which they were said. */
async function orderDifferences({ query }: System, all: Line[], order: string): Promise<string[]> {
  const rows = await query<{ wamid: string; customer: string; phone: number }>(`
    select m.wamid, c.phone as customer, m."organizationPhoneId" as phone
      from "Message" m join "Chat" t on t.id = m."chatId" join "Contact" c on c.id = t."contactId"
      where m.wamid like 'wamid.chaos%' order by m."chatId", ${order}`);
  const chats = Map.groupBy(rows, ({ customer, phone }) => `${phone}/${customer}`);
  return all.flatMap((line) => {
    const stored = (chats.get(`${line.organizationPhoneId}/${line.customer}`) ?? []).map(
      ({ wamid }) => wamid,
    );
    const at = line.said.findIndex(({ wamid }, i) => wamid !== stored[i]);
    const { wamid } = line.said[at] ?? {};
    return at < 0
      ? []
      : [`${line.customer}: ${wamid} was said as number ${at + 1}, stored there is ${stored[at]}`];
  });
}
