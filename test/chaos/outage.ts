import { setTimeout as sleep } from "node:timers/promises";
import { aText, type TestChat } from "./events.ts";
import { baseDifferences, responseText } from "./ledger.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { startRun } from "./start-run.ts";
import type { System } from "./system.ts";

const PER_SECOND = 50;
const SETTLE_TIMEOUT_MS = 180_000;

/** Stops or freezes Postgres while customers keep writing. Afterwards every message must be stored, each chat in order. */
export async function outage(system: System, seconds: number, isFrozen: boolean): Promise<Report> {
  const { deliveries, testChats, admin } = await startRun(system);
  deliveries.latenciesMs.length = 0;
  const resume = isFrozen ? await system.freezePostgres() : system.resumePostgres;
  if (!isFrozen) await system.stopPostgres();

  const startedAtMs = Date.now();
  /** Per chat: the next message waits for the 200 of the one before. */
  const lanes = new Map<TestChat, Promise<void>>();
  for (let i = 0; i < seconds * PER_SECOND; i += 1) {
    await sleep(Math.max(0, startedAtMs + (i * 1_000) / PER_SECOND - Date.now()));
    const chat = testChats[i % testChats.length];
    if (!chat) continue;
    lanes.set(
      chat,
      (lanes.get(chat) ?? Promise.resolve()).then(() => deliveries.deliver([aText(chat)])),
    );
  }
  await Promise.all(lanes.values());
  const refused = [...deliveries.refused];
  const acknowledgedDuringOutage = deliveries.latenciesMs.length;
  await resume();

  const settled = await settle(system, deliveries, admin, SETTLE_TIMEOUT_MS);
  const byNumber = await orderDifferences(system, testChats, "m.seq");
  return {
    ...summary(system, deliveries, settled),
    acknowledgedDuringOutage,
    chatsNumberedOutOfOrder: `${byNumber.length} of ${testChats.length}`,
    differences: [
      ...refused.map(([status, count]) => `${count} POSTs got ${responseText(status)}`),
      ...(await baseDifferences(system, deliveries, settled)),
      // A frozen statement may commit long after its caller gave up, and then several batches race for the chat's row. In
      // that case only the displayed order is guaranteed.
      ...(isFrozen ? await orderDifferences(system, testChats, 'm."createdAt", m.seq') : byNumber),
    ],
  };
}

/** Chats whose messages are not stored in the order in which they were written. */
async function orderDifferences({ query }: System, testChats: TestChat[], order: string): Promise<string[]> {
  const rows = await query<{ wamid: string; customer: string; phone: number }>(`
    select m.wamid, c.phone as customer, m."organizationPhoneId" as phone
      from "Message" m join "Chat" t on t.id = m."chatId" join "Contact" c on c.id = t."contactId"
      where m.wamid like 'wamid.chaos%' order by m."chatId", ${order}`);
  const chats = Map.groupBy(rows, ({ customer, phone }) => `${phone}/${customer}`);
  return testChats.flatMap((chat) => {
    const stored = (chats.get(`${chat.organizationPhoneId}/${chat.customer}`) ?? []).map(
      ({ wamid }) => wamid,
    );
    const index = chat.messages.findIndex(({ wamid }, i) => wamid !== stored[i]);
    const { wamid } = chat.messages[index] ?? {};
    return index < 0
      ? []
      : [`${chat.customer}: message ${index + 1} is ${wamid}, but ${stored[index]} is stored in its place`];
  });
}
