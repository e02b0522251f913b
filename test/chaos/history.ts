import { setTimeout as sleep } from "node:timers/promises";
import { historyBody, type OldMessage, oldMessages } from "../support/history.ts";
import { type Agent, anAgent } from "./agents.ts";
import { type Deliveries, startDeliveries } from "./deliveries.ts";
import { aText, lines } from "./events.ts";
import { inboundDifferences, numberingDifferences } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { prime } from "./storm.ts";
import { PHONES, type System } from "./system.ts";

const LIVE_PER_SECOND = 20;
/** A body of about 3 MB, which is the most that Meta sends. */
const PER_CHUNK = 6_000;
const CHUNKS_AT_ONCE = 2;
/** Besides those who also write meanwhile. */
const SILENT_CUSTOMERS = 300;
const SETTLE_LIMIT_MS = 300_000;
const PREFIX = "wamid.chaos-old-";

/** A phone hands over its history in chunks of no order, while customers go on writing, some of them in the same chats. */
export async function history(system: System, { next }: Chance, count: number): Promise<Report> {
  const deliveries = startDeliveries(system.url);
  const imports = startDeliveries(system.url);
  const all = lines();
  await prime(system, deliveries, all);
  const admin = await anAgent(system.url, 1);
  deliveries.latencies.length = 0;

  const [phone] = PHONES;
  const live = all.filter(({ organizationPhoneId }) => organizationPhoneId === phone.id);
  const silent = Array.from({ length: SILENT_CUSTOMERS }, (_, i) => `79169${String(i).padStart(6, "0")}`);
  const customers = [...live.map(({ customer }) => customer), ...silent];
  const olds = oldMessages(customers, count, Math.floor(Date.now() / 1000) - 86_400, PREFIX);
  const shuffled = olds.map((old) => ({ old, place: next() })).sort((a, b) => a.place - b.place);
  const bodies: { body: string; keys: string[] }[] = [];
  for (let i = 0; i < shuffled.length; i += PER_CHUNK) {
    const part = shuffled.slice(i, i + PER_CHUNK).map(({ old }) => old);
    const keys = part.map(({ wamid }) => `message ${phone.phoneNumberId} ${wamid}`);
    bodies.push({ body: JSON.stringify(historyBody(phone.phoneNumberId, bodies.length, part)), keys });
  }
  const largestBody = Math.max(...bodies.map(({ body }) => Buffer.byteLength(body)));

  const startedAtMs = Date.now();
  const queue = [...bodies];
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift())
      await imports.deliverBody(next.body, next.keys);
  };
  let isImporting = true;
  const importing = Promise.all(Array.from({ length: CHUNKS_AT_ONCE }, lane)).then(async () => {
    while ((await importedCount(system)) < count && Date.now() - startedAtMs < SETTLE_LIMIT_MS)
      await sleep(500);
    isImporting = false;
  });
  for (let i = 0; isImporting; i += 1) {
    await sleep(Math.max(0, startedAtMs + (i * 1_000) / LIVE_PER_SECOND - Date.now()));
    const line = all[i % all.length];
    if (line) void deliveries.deliver([aText(line)]);
  }
  await importing;
  const importedAfterSeconds = Math.round((Date.now() - startedAtMs) / 1000);

  const settled = await settle(system, deliveries, admin, SETTLE_LIMIT_MS);
  for (const key of imports.generated) deliveries.generated.add(key);
  for (const key of imports.acknowledged) deliveries.acknowledged.add(key);
  return {
    ...summary(system, deliveries, settled),
    imports: {
      messages: count,
      chunks: bodies.length,
      largestBody,
      importedAfterSeconds,
      acknowledgementMs: imports.latencies.map(Math.round).sort((a, b) => a - b),
    },
    differences: [
      ...settled.unsettled.map((what) => `not settled: ${what}`),
      ...refusals("old", imports),
      ...refusals("live", deliveries),
      ...(await inboundDifferences(system, deliveries)),
      ...(await numberingDifferences(system)),
      ...(await chatDifferences(system)),
      ...(await importDifferences(system, olds)),
      ...(await shownDifferences(system, admin, olds)),
    ],
  };
}

function refusals(which: string, { refused }: Deliveries): string[] {
  return [...refused].map(
    ([status, times]) => `${times} posts of ${which} messages were answered ${status || "not at all"}`,
  );
}

async function importedCount({ query }: System): Promise<number> {
  const [row] = await query<{ count: number }>(
    `select count(*)::int from "Message" where "isHistory" and wamid like '${PREFIX}%'`,
  );
  return row?.count ?? 0;
}

/** Every chat that is unread, or whose window is open, by anything but what came in live. */
async function chatDifferences({ query }: System): Promise<string[]> {
  const rows = await query<{ key: string; unread: number; live: number; isSame: boolean }>(`
    select concat(c."organizationPhoneId", '/', k.phone) as key, c."unreadCount" as unread, l.count as live,
      c."lastInboundAt" is not distinct from l.newest as "isSame"
      from "Chat" c join "Contact" k on k.id = c."contactId"
      cross join lateral (select count(*)::int, max(m."createdAt") as newest from "Message" m
        where m."chatId" = c.id and m.wamid not like '${PREFIX}%' and not m."fromMe" and m.amends is null) l`);
  return rows.flatMap(({ key, unread, live, isSame }) => [
    ...(unread === live ? [] : [`${key}: ${unread} unread, not ${live}`]),
    ...(isSame ? [] : [`${key}: its window is not that of its live messages`]),
  ]);
}

/** Every old message that is not as it was told. */
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

/** Every customer whose old messages the API does not show in the order of their times, page by page. */
async function shownDifferences(system: System, admin: Agent, olds: OldMessage[]): Promise<string[]> {
  const differences: string[] = [];
  const byCustomer = Map.groupBy(olds, ({ customer }) => customer);
  for (const [customer, theirs] of [...byCustomer].filter((_, i) => i % 40 === 0)) {
    const [chat] = await system.query<{ id: number }>(
      `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = '${customer}' and c."organizationPhoneId" = 1`,
    );
    const shown: string[] = [];
    let before = "";
    do {
      const answer = await admin.get(`/chats/${chat?.id}/messages?limit=100${before}`);
      const page = (await answer.json()) as {
        data: { wamid: string; isHistory: boolean }[];
        prevCursor: string | null;
      };
      shown.unshift(...page.data.filter(({ isHistory }) => isHistory).map(({ wamid }) => wamid));
      before = page.prevCursor === null ? "" : `&cursor=${page.prevCursor}`;
    } while (before !== "");
    const expected = theirs.toSorted((a, b) => a.at - b.at).map(({ wamid }) => wamid);
    if (shown.join() !== expected.join()) differences.push(`${customer}: shown in another order`);
  }
  return differences;
}
