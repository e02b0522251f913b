import { setTimeout as sleep } from "node:timers/promises";
import { aText, type TestChat } from "./events.ts";
import { quantile } from "./latencies.ts";
import { baseDifferences } from "./ledger.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { startRun } from "./start-run.ts";
import type { System } from "./system.ts";

const QUEUED = 300;
const OTHERS_EVERY_MS = 200;
/** The customer whose contact is locked writes as often as this many others. */
const RENAMED_EVERY = 5;
const POLL_MS = 25;
const SETTLE_TIMEOUT_MS = 180_000;
/** From the webhook until the message of another customer is in Postgres. */
const LIMIT_MS = 3_000;

/**
 * Sessions hold one customer's chat while 300 messages to it come in, and another's contact while that customer goes on writing. Every
 * other customer's message is stored soon.
 */
export async function locked(system: System, seconds: number): Promise<Report> {
  const { deliveries, testChats, admin } = await startRun(system);
  const [held, renamed, ...others] = testChats as [TestChat, TestChat, ...TestChat[]];
  const releases = [
    await system.lockCustomer("Chat", held.organizationPhoneId, held.customer),
    await system.lockCustomer("Contact", renamed.organizationPhoneId, renamed.customer),
  ];
  const untilMs = Date.now() + seconds * 1_000;
  for (let i = 0; i < QUEUED; i += 1) void deliveries.deliver([aText(held)]);
  const waits: Promise<number>[] = [];
  for (let i = 0; Date.now() < untilMs; i += 1) {
    if (i % RENAMED_EVERY === 0) void deliveries.deliver([aText(renamed)]);
    waits.push(storedAfter(system, deliveries.deliver, others[i % others.length] as TestChat));
    await sleep(OTHERS_EVERY_MS);
  }
  for (const release of releases) await release();
  const storedMs = await Promise.all(waits);
  const settled = await settle(system, deliveries, admin, SETTLE_TIMEOUT_MS);
  const worstMs = quantile(storedMs, 1);
  return {
    ...summary(system, deliveries, settled),
    storedMs: {
      count: storedMs.length,
      p50: quantile(storedMs, 0.5),
      p99: quantile(storedMs, 0.99),
      max: worstMs,
    },
    differences: [
      ...[...deliveries.refused].map(([status, count]) => `${count} webhooks got ${status}`),
      ...(worstMs > LIMIT_MS ? [`another customer's message was stored after ${worstMs} ms`] : []),
      ...(await baseDifferences(system, deliveries, settled)),
    ],
  };
}

type Deliver = (events: ReturnType<typeof aText>[]) => Promise<void>;

async function storedAfter({ query }: System, deliver: Deliver, chat: TestChat): Promise<number> {
  const startedAtMs = Date.now();
  const text = aText(chat);
  const wamid = chat.messages.at(-1)?.wamid;
  await deliver([text]);
  for (;;) {
    const rows = await query(`select from "Message" where wamid = '${wamid}'`);
    if (rows.length > 0) return Date.now() - startedAtMs;
    await sleep(POLL_MS);
  }
}
