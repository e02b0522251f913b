import { setTimeout as sleep } from "node:timers/promises";
import { anAgent } from "./agents.ts";
import { startDeliveries } from "./deliveries.ts";
import { aText, bodyOf, type Event, makeTestChats, type TestChat } from "./events.ts";
import { quantile } from "./latencies.ts";
import { baseDifferences } from "./ledger.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import type { System } from "./system.ts";

const BODIES = 8;
const STATUSES = 5_000;
const SMALL_EVERY_MS = 100;
const SMALL = 100;
const SETTLE_TIMEOUT_MS = 240_000;
/** No webhook but the flood's own may wait longer for its answer. */
const LIMIT_MS = 3_000;

/** Eight bodies of 5,000 statuses come at once, while other customers write: none of these gets a 503 or waits for the flood. */
export async function flood(system: System): Promise<Report> {
  const bodies = startDeliveries(system.url);
  const others = startDeliveries(system.url);
  const testChats = makeTestChats();
  for (const chat of testChats) await others.deliver([aText(chat)]);
  others.latenciesMs.length = 0;
  const flooding = Array.from({ length: BODIES }, (_, n) => {
    const chat = testChats[n] as TestChat;
    const events = Array.from({ length: STATUSES }, (_, i) => aStatus(chat, `wamid.chaosflood${n}.${i}`));
    return bodies.deliverBody(
      bodyOf(events),
      events.map(({ key }) => key),
    );
  });
  const small: Promise<void>[] = [];
  for (let i = 0; i < SMALL; i += 1) {
    small.push(others.deliver([aText(testChats[i % testChats.length] as TestChat)]));
    await sleep(SMALL_EVERY_MS);
  }
  await Promise.all([...small, ...flooding]);
  const refused = [...others.refused].map(([status, count]) => `${count} webhooks got ${status}`);
  const worstMs = quantile(others.latenciesMs, 1);
  const both = { ...others, generated: union(others.generated, bodies.generated) };
  both.acknowledged = union(others.acknowledged, bodies.acknowledged);
  const settled = await settle(system, both, await anAgent(system.url, 1), SETTLE_TIMEOUT_MS);
  return {
    ...summary(system, both, settled),
    flood: {
      p50: quantile(bodies.latenciesMs, 0.5),
      max: quantile(bodies.latenciesMs, 1),
      refused: Object.fromEntries(bodies.refused),
    },
    differences: [
      ...refused,
      ...(worstMs > LIMIT_MS ? [`a webhook waited ${worstMs} ms`] : []),
      ...(await baseDifferences(system, both, settled)),
    ],
  };
}

function aStatus(chat: TestChat, wamid: string): Event {
  const { customer, phoneNumberId } = chat;
  const item = { id: wamid, status: "delivered", timestamp: String(Math.floor(Date.now() / 1000)) };
  const metadata = { display_phone_number: "79000000001", phone_number_id: phoneNumberId };
  const value = {
    messaging_product: "whatsapp",
    metadata,
    statuses: [{ ...item, recipient_id: customer }],
  };
  return { key: `status ${phoneNumberId} ${wamid} delivered`, chat, field: "messages", value };
}

function union(a: Set<string>, b: Set<string>): Set<string> {
  return new Set([...a, ...b]);
}
