import { setTimeout as sleep } from "node:timers/promises";
import type { ClientState } from "../support/client-state.ts";
import { loadBy } from "../support/client-state.ts";
import { type Agent, anAgent } from "./agents.ts";
import { differenceOf } from "./chat-socket.ts";
import { startDeliveries } from "./deliveries.ts";
import { aText, makeTestChats } from "./events.ts";
import { baseDifferences } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { countBy, type Report, summary } from "./report.ts";
import { aReturningClient, type ReturningClient } from "./returning-client.ts";
import { settle } from "./settle.ts";
import type { System } from "./system.ts";

const CUSTOMERS_PER_PHONE = 67;
/** An agent may have a hundred sockets of one chat. */
const CLIENTS_PER_AGENT = 50;
const OPEN_BATCH = 100;
const POST_EVERY_MS = 20;
const POLL_MS = 100;
const TIMEOUT_MS = 120_000;
/** A busy machine opens some fifteen sockets a second. */
const CLIENT_MS = 70;
const REPORT_EVERY_MS = 10_000;
/** Clients of a chat that arrive during a read share the next one; on a slow machine they arrive one by one. */
const MIN_CLIENTS_PER_READ = 4;
const CATCH_UP = "missed_events(";

/**
 * Many clients lose their connections at the same moment, while customers keep writing: first the network drops, then the
 * Worker is killed.
 */
export async function reconnects(system: System, random: Chance, count: number): Promise<Report> {
  const deliveries = startDeliveries(system.url);
  const testChats = makeTestChats(CUSTOMERS_PER_PHONE);
  for (const chat of testChats) await deliveries.deliver([aText(chat)]);
  const admin = await anAgent(system.url, 1);
  const chats = await chatsOf(system);
  const clients = await openClients(system, chats, count, random);
  console.log(`${clients.length} clients have ${chats.length} chats open`);

  let isOn = true;
  const traffic = (async () => {
    for (; isOn; await sleep(POST_EVERY_MS)) void deliveries.deliver([aText(random.pick(testChats))]);
  })();
  const deaths: string[] = [];
  let pid = await system.workerPid();
  const noteDeath = async (phase: string) => {
    const found = await system.workerPid();
    if (found !== pid) deaths.push(`workerd died by itself ${phase}`);
    pid = found;
  };
  const reconnectAfter = async (disconnect: () => Promise<unknown>) => {
    const reads = system.proxy.countStatements(CATCH_UP);
    const startedAtMs = Date.now();
    await disconnect();
    const disconnectedAtMs = Date.now();
    await until("to be back", clients, (client) => (client.openSinceMs() ?? 0) > startedAtMs);
    const backAtMs = clients.map((client) => client.openSinceMs() ?? Date.now());
    const [disconnectedAfterSeconds, firstBackAfterSeconds, allBackAfterSeconds] = [
      disconnectedAtMs,
      backAtMs.reduce((a, b) => Math.min(a, b)),
      backAtMs.reduce((a, b) => Math.max(a, b)),
    ].map((atMs) => (atMs - startedAtMs) / 1000);
    return { disconnectedAfterSeconds, firstBackAfterSeconds, allBackAfterSeconds, catchUpReads: reads() };
  };
  const network = await reconnectAfter(async () => {
    for (const client of clients) client.drop();
  });
  console.log("after the network dropped:", network);
  await noteDeath("after the network dropped");
  const deployment = await reconnectAfter(async () => {
    await system.killWorker();
    pid = await system.workerPid();
  });
  console.log("after the Worker was killed:", deployment);
  await noteDeath("after it was killed");
  isOn = false;
  await traffic;
  const settled = await settle(system, deliveries, admin, timeoutOf(count));
  const fresh = await load(system, chats);
  const isCurrent = (client: ReturningClient) => client.state().seq >= (fresh.get(client.chatId)?.seq ?? 0);
  await until("to be current", clients, isCurrent);
  await noteDeath("while clients caught up");

  const views = clients.flatMap((client) => {
    const state = fresh.get(client.chatId);
    const difference = state ? differenceOf(client.state(), state) : "has a chat that does not exist";
    return [...client.faults, ...(difference ? [difference] : [])].map(
      (what) => `a client of chat ${client.chatId} ${what}`,
    );
  });
  for (const client of clients) client.stop();
  const reads = Math.max(network.catchUpReads, deployment.catchUpReads);
  const maxReads = Math.max(2 * chats.length, clients.length / MIN_CLIENTS_PER_READ);
  const refused = sumOf(clients.map((client) => client.refused));
  const differences = [
    ...deaths,
    ...views,
    ...(refused[429] ? [`${refused[429]} connections got a 429`] : []),
    ...(reads > maxReads ? [`${reads} reads of ${chats.length} chats for ${clients.length} clients`] : []),
    ...(await baseDifferences(system, deliveries, settled)),
  ];
  return {
    ...summary(system, deliveries, settled),
    clients: clients.length,
    chats: chats.length,
    network,
    deployment,
    refused,
    resumes: countBy(
      clients.flatMap(({ resumes }) => resumes.slice(1)),
      (resume) => resume,
    ),
    differences,
  };
}

type ChatOf = { id: number; organizationId: number };

async function chatsOf({ query }: System): Promise<ChatOf[]> {
  return await query<ChatOf>('select id, "organizationId" from "Chat" order by id');
}

async function openClients(
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
    if (!state) throw new Error("the database has no chat");
    const name = `agent-${Math.floor(i / chats.length / CLIENTS_PER_AGENT)}`;
    const key = `${chat.organizationId}/${name}`;
    const agent = agents.get(key) ?? (await anAgent(system.url, chat.organizationId, name));
    agents.set(key, agent);
    clients.push(aReturningClient(system.url, agent, { chatId: chat.id, state }, random));
    if (clients.length % OPEN_BATCH === 0) await until("to be open", clients, isOpen);
  }
  await until("to be open", clients, isOpen);
  return clients;
}

function isOpen(client: ReturningClient): boolean {
  return client.openSinceMs() !== null;
}

/** Loads the state of each chat. */
async function load({ url }: System, chats: ChatOf[]): Promise<Map<number, ClientState>> {
  const loaded = new Map<number, ClientState>();
  const agents = new Map([1, 2].map((id) => [id, anAgent(url, id)]));
  for (const { id, organizationId } of chats) {
    const agent = await agents.get(organizationId);
    if (agent) loaded.set(id, await loadBy(agent.get, id));
  }
  return loaded;
}

/** Of a run with that many clients, each time that it waits for all of them. */
function timeoutOf(count: number): number {
  return TIMEOUT_MS + count * CLIENT_MS;
}

/** Returns after a timeout even if not all are: the report shows what is missing. Says what it waits for, now and then. */
async function until(
  what: string,
  clients: ReturningClient[],
  isDone: (client: ReturningClient) => boolean,
): Promise<void> {
  const startedAtMs = Date.now();
  let saidAtMs = startedAtMs;
  for (; Date.now() - startedAtMs < timeoutOf(clients.length); await sleep(POLL_MS)) {
    const missing = clients.filter((client) => !isDone(client)).length;
    if (missing === 0) return;
    if (Date.now() - saidAtMs < REPORT_EVERY_MS) continue;
    saidAtMs = Date.now();
    console.log(`waiting for ${missing} of ${clients.length} clients ${what}`);
  }
}

function sumOf(counts: Map<number, number>[]): Record<number, number> {
  const sum: Record<number, number> = {};
  for (const [status, count] of counts.flatMap((each) => [...each])) sum[status] = (sum[status] ?? 0) + count;
  return sum;
}
