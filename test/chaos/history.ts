import { setTimeout as sleep } from "node:timers/promises";
import { historyBody, type OldMessage, oldMessages } from "../support/history.ts";
import type { Agent } from "./agents.ts";
import { type Deliveries, startDeliveries } from "./deliveries.ts";
import { aText } from "./events.ts";
import { baseDifferences, responseText } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { startRun } from "./start-run.ts";
import { PHONES, type System } from "./system.ts";

const LIVE_PER_SECOND = 20;
/** Gives a body of about 3 MB, which is the largest that Meta sends. */
const MESSAGES_PER_CHUNK = 6_000;
const CONCURRENT_CHUNKS = 2;
/** Customers who have a history but write nothing during the import. */
const SILENT_CUSTOMERS = 300;
const SETTLE_TIMEOUT_MS = 300_000;
const PREFIX = "wamid.chaos-old-";

/** A phone sends its history in chunks in random order, while customers keep writing, some of them in the same chats. */
export async function history(system: System, { shuffle }: Chance, count: number): Promise<Report> {
  const { deliveries, testChats, admin } = await startRun(system);
  const imports = startDeliveries(system.url);
  deliveries.latenciesMs.length = 0;

  const [phone] = PHONES;
  const live = testChats.filter(({ organizationPhoneId }) => organizationPhoneId === phone.id);
  const silent = Array.from({ length: SILENT_CUSTOMERS }, (_, i) => `79169${String(i).padStart(6, "0")}`);
  const customers = [...live.map(({ customer }) => customer), ...silent];
  const olds = oldMessages(customers, count, Math.floor(Date.now() / 1000) - 86_400, PREFIX);
  const shuffled = shuffle(olds);
  const bodies: { body: string; keys: string[] }[] = [];
  for (let i = 0; i < shuffled.length; i += MESSAGES_PER_CHUNK) {
    const part = shuffled.slice(i, i + MESSAGES_PER_CHUNK);
    const keys = part.map(({ wamid }) => `message ${phone.phoneNumberId} ${wamid}`);
    bodies.push({ body: JSON.stringify(historyBody(phone.phoneNumberId, bodies.length, part)), keys });
  }
  const largestBodyBytes = Math.max(...bodies.map(({ body }) => Buffer.byteLength(body)));

  const startedAtMs = Date.now();
  const queue = [...bodies];
  const deliverQueued = async () => {
    for (let next = queue.shift(); next; next = queue.shift())
      await imports.deliverBody(next.body, next.keys);
  };
  let isImporting = true;
  const importing = Promise.all(Array.from({ length: CONCURRENT_CHUNKS }, deliverQueued)).then(async () => {
    while ((await importedCount(system)) < count && Date.now() - startedAtMs < SETTLE_TIMEOUT_MS)
      await sleep(500);
    isImporting = false;
  });
  for (let i = 0; isImporting; i += 1) {
    await sleep(Math.max(0, startedAtMs + (i * 1_000) / LIVE_PER_SECOND - Date.now()));
    const chat = testChats[i % testChats.length];
    if (chat) void deliveries.deliver([aText(chat)]);
  }
  await importing;
  const importedAfterSeconds = Math.round((Date.now() - startedAtMs) / 1000);

  const settled = await settle(system, deliveries, admin, SETTLE_TIMEOUT_MS);
  for (const key of imports.generated) deliveries.generated.add(key);
  for (const key of imports.acknowledged) deliveries.acknowledged.add(key);
  return {
    ...summary(system, deliveries, settled),
    imports: {
      messages: count,
      chunks: bodies.length,
      largestBodyBytes,
      importedAfterSeconds,
      acknowledgementMs: imports.latenciesMs.map(Math.round).sort((a, b) => a - b),
    },
    differences: [
      ...refusals("old", imports),
      ...refusals("live", deliveries),
      ...(await baseDifferences(system, deliveries, settled)),
      ...(await chatDifferences(system)),
      ...(await importDifferences(system, olds)),
      ...(await shownDifferences(system, admin, olds)),
    ],
  };
}

function refusals(which: string, { refused }: Deliveries): string[] {
  return [...refused].map(
    ([status, times]) => `${times} POSTs of ${which} messages got ${responseText(status)}`,
  );
}

async function importedCount({ query }: System): Promise<number> {
  const [row] = await query<{ count: number }>(
    `select count(*)::int from "Message" where "isHistory" and wamid like '${PREFIX}%'`,
  );
  return row?.count ?? 0;
}

/** Chats whose unread count or customer service window is based on other messages than the live ones. */
async function chatDifferences({ query }: System): Promise<string[]> {
  const rows = await query<{ key: string; unread: number; live: number; isSame: boolean }>(`
    select concat(c."organizationPhoneId", '/', k.phone) as key, c."unreadCount" as unread, l.count as live,
      c."lastInboundAt" is not distinct from l.newest as "isSame"
      from "Chat" c join "Contact" k on k.id = c."contactId"
      cross join lateral (select count(*)::int, max(m."createdAt") as newest from "Message" m
        where m."chatId" = c.id and m.wamid not like '${PREFIX}%' and not m."fromMe" and m.amends is null) l`);
  return rows.flatMap(({ key, unread, live, isSame }) => [
    ...(unread === live ? [] : [`${key}: ${unread} unread, not ${live}`]),
    ...(isSame ? [] : [`${key}: the window does not match its live messages`]),
  ]);
}

/** Old messages that are stored differently than they were sent. */
async function importDifferences({ query }: System, olds: OldMessage[]): Promise<string[]> {
  const rows = await query<{ wamid: string; row: string }>(`
    select m.wamid, concat_ws(' ', k.phone, m."fromMe", m.status, extract(epoch from m."createdAt")::bigint, m.body) as row
      from "Message" m join "Chat" c on c.id = m."chatId" join "Contact" k on k.id = c."contactId" where m."isHistory"`);
  const stored = new Map(rows.map(({ wamid, row }) => [wamid, row]));
  return olds.flatMap(({ wamid, customer, fromMe, at, text }) => {
    const expected = [customer, fromMe ? "t" : "f", ...(fromMe ? ["read"] : []), at, text].join(" ");
    return stored.get(wamid) === expected ? [] : [`${wamid}: ${stored.get(wamid)}, not ${expected}`];
  });
}

/** Customers whose old messages the API does not list in the order of their times. Checks every 40th customer. */
async function shownDifferences(system: System, admin: Agent, olds: OldMessage[]): Promise<string[]> {
  const differences: string[] = [];
  const byCustomer = Map.groupBy(olds, ({ customer }) => customer);
  for (const [customer, expectedMessages] of [...byCustomer].filter((_, i) => i % 40 === 0)) {
    const [chat] = await system.query<{ id: number }>(
      `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = '${customer}' and c."organizationPhoneId" = 1`,
    );
    const shown: string[] = [];
    let before = "";
    do {
      const response = await admin.get(`/chats/${chat?.id}/messages?limit=100${before}`);
      const page = (await response.json()) as {
        data: { wamid: string; isHistory: boolean }[];
        prevCursor: string | null;
      };
      shown.unshift(...page.data.filter(({ isHistory }) => isHistory).map(({ wamid }) => wamid));
      before = page.prevCursor === null ? "" : `&cursor=${page.prevCursor}`;
    } while (before !== "");
    const expected = expectedMessages.toSorted((a, b) => a.at - b.at).map(({ wamid }) => wamid);
    if (shown.join() !== expected.join()) differences.push(`${customer}: listed in another order`);
  }
  return differences;
}
