import { setTimeout as sleep } from "node:timers/promises";
import type { ClientState } from "../support/client-state.ts";
import { loadBy } from "../support/client-state.ts";
import { type Agent, anAgent } from "./agents.ts";
import { startDeliveries } from "./deliveries.ts";
import { aText, lines } from "./events.ts";
import { inboundDifferences, numberingDifferences } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { type Report, summary } from "./report.ts";
import { aReturningClient, differenceOf, type ReturningClient } from "./returning-client.ts";
import { settle } from "./settle.ts";
import type { System } from "./system.ts";

const CUSTOMERS_PER_PHONE = 67;
/** An agent may have a hundred sockets in a chat. */
const CLIENTS_PER_AGENT = 50;
const OPENED_AT_ONCE = 100;
const POST_EVERY_MS = 20;
const POLL_MS = 100;
const REACH_LIMIT_MS = 120_000;
/** By how far the reads may exceed one per chat: who comes while a read is under way needs the next. */
const READS_PER_CHAT = 2;
const CATCH_UP = "missed_events(";

/**
 * Many clients lose their connection at the same moment, while customers go on writing: first as the network drops, then as
 * the Worker is killed.
 */
export async function reconnects(system: System, random: Chance, count: number): Promise<Report> {
  const deliveries = startDeliveries(system.url);
  const all = lines(CUSTOMERS_PER_PHONE);
  for (const line of all) await deliveries.deliver([aText(line)]);
  const admin = await anAgent(system.url, 1);
  const chats = await chatsOf(system);
  const clients = await open(system, chats, count, random);
  console.log(`${clients.length} clients have ${chats.length} chats open`);

  let isOn = true;
  const traffic = (async () => {
    for (; isOn; await sleep(POST_EVERY_MS)) void deliveries.deliver([aText(random.pick(all))]);
  })();
  const comeBack = async (causes: () => Promise<unknown>) => {
    const reads = system.proxy.count(CATCH_UP);
    const startedAtMs = Date.now();
    await causes();
    const causedAtMs = Date.now();
    await until(() => clients.every((client) => (client.openSinceMs() ?? 0) > startedAtMs));
    const [causedAfterSeconds, allBackAfterSeconds] = [causedAtMs, Date.now()].map(
      (atMs) => (atMs - startedAtMs) / 1000,
    );
    return { causedAfterSeconds, allBackAfterSeconds, catchUpReads: reads() };
  };
  const network = await comeBack(async () => {
    for (const client of clients) client.drop();
  });
  console.log("the network drops:", network);
  const deployment = await comeBack(() => system.killWorker());
  console.log("the Worker is killed:", deployment);
  isOn = false;
  await traffic;
  const settled = await settle(system, deliveries, admin, REACH_LIMIT_MS);
  const fresh = await load(system, chats);
  const isCurrent = (client: ReturningClient) => client.state().seq >= (fresh.get(client.chatId)?.seq ?? 0);
  await until(() => clients.every(isCurrent));

  const views = clients.flatMap((client) => {
    const state = fresh.get(client.chatId);
    const difference = state ? differenceOf(client.state(), state) : "has a chat that is gone";
    return [...client.faults, ...(difference ? [difference] : [])].map(
      (what) => `a client of chat ${client.chatId} ${what}`,
    );
  });
  for (const client of clients) client.end();
  const reads = Math.max(network.catchUpReads, deployment.catchUpReads);
  const refused = total(clients.map((client) => client.refused));
  const differences = [
    ...settled.unsettled.map((what) => `not settled: ${what}`),
    ...views,
    ...(refused[429] ? [`${refused[429]} times 429`] : []),
    ...(reads > chats.length * READS_PER_CHAT ? [`${reads} reads of ${chats.length} chats`] : []),
    ...(await inboundDifferences(system, deliveries)),
    ...(await numberingDifferences(system)),
  ];
  return {
    ...summary(system, deliveries, settled),
    clients: clients.length,
    chats: chats.length,
    network,
    deployment,
    refused,
    resumes: countOf(clients.flatMap(({ resumes }) => resumes.slice(1))),
    differences,
  };
}

type ChatOf = { id: number; organizationId: number };

async function chatsOf({ query }: System): Promise<ChatOf[]> {
  return await query<ChatOf>('select id, "organizationId" from "Chat" order by id');
}

async function open(
  system: System,
  chats: ChatOf[],
  count: number,
  random: Chance,
): Promise<ReturningClient[]> {
  const states = await load(system, chats);
  const agents = new Map<string, Agent>();
  const clients: ReturningClient[] = [];
  for (let i = 0; i < count; i += 1) {
    const chat = chats[i % chats.length];
    const state = chat && states.get(chat.id);
    if (!state) throw new Error("there is no chat to open");
    const name = `agent-${Math.floor(i / chats.length / CLIENTS_PER_AGENT)}`;
    const key = `${chat.organizationId}/${name}`;
    const agent = agents.get(key) ?? (await anAgent(system.url, chat.organizationId, name));
    agents.set(key, agent);
    clients.push(aReturningClient(system.url, agent, { chatId: chat.id, state }, random));
    if (clients.length % OPENED_AT_ONCE === 0)
      await until(() => clients.every((one) => one.openSinceMs() !== null));
  }
  await until(() => clients.every((one) => one.openSinceMs() !== null));
  return clients;
}

/** What a fresh load of each chat gives. */
async function load({ url }: System, chats: ChatOf[]): Promise<Map<number, ClientState>> {
  const loaded = new Map<number, ClientState>();
  const agents = new Map([1, 2].map((id) => [id, anAgent(url, id)]));
  for (const { id, organizationId } of chats) {
    const agent = await agents.get(organizationId);
    if (agent) loaded.set(id, await loadBy(agent.get, id));
  }
  return loaded;
}

/** Gives up after a while: what is missing then shows in the report. */
async function until(isDone: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isDone() && waitedMs < REACH_LIMIT_MS; waitedMs += POLL_MS) await sleep(POLL_MS);
}

function total(counts: Map<number, number>[]): Record<number, number> {
  const sum: Record<number, number> = {};
  for (const [status, count] of counts.flatMap((one) => [...one])) sum[status] = (sum[status] ?? 0) + count;
  return sum;
}

function countOf(values: string[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(values, (value) => value)].map(([value, some]) => [value, some.length]),
  );
}
