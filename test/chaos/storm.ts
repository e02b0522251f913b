import { setTimeout as sleep } from "node:timers/promises";
import { KIND, type NeonFaults } from "../../src/local/neon-faults.ts";
import { type Agent, anAgent, type SendResult, sendText } from "./agents.ts";
import type { Deliveries } from "./deliveries.ts";
import { anEvent, type Event, type TestChat } from "./events.ts";
import { runFaults } from "./faults.ts";
import { baseDifferences, compareSends } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { countBy, type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { startRun, writeOnSimulator } from "./start-run.ts";
import type { System } from "./system.ts";
import { aWatcher, type Watcher } from "./watchers.ts";

const POST_EVERY_MS = 60;
const SEND_EVERY_MS = 700;
const CUSTOMER_EVERY_MS = 900;
const WATCHERS = 20;
/** As long as the longest delay in `postSome`. */
const LAST_POSTS_MS = 3_000;
const SETTLE_TIMEOUT_MS = 210_000;

/** Traffic in both directions, clients that connect and disconnect, and one fault after another. */
export async function storm(
  system: System,
  random: Chance,
  { runMs, endpointFaults }: { runMs: number; endpointFaults: NeonFaults },
): Promise<Report> {
  const { deliveries, testChats, admin } = await startRun(system);
  const agents = new Map([
    [1, admin],
    [2, await anAgent(system.url, 2)],
  ]);
  const watchers = await openWatchers(system, agents, random);

  system.setEndpointFaults(endpointFaults);
  const untilMs = Date.now() + runMs;
  const isOn = () => Date.now() < untilMs;
  const sends: Promise<SendResult>[] = [];
  const traffic = [
    every(POST_EVERY_MS, isOn, () => postSome(deliveries, testChats, random)),
    every(SEND_EVERY_MS, isOn, () => {
      const chat = random.pick(testChats);
      sends.push(sendText(agentOf(agents, chat), chat, `chaos-key-${sends.length}`, random.happens(0.3)));
    }),
    every(
      CUSTOMER_EVERY_MS,
      isOn,
      () => void writeOnSimulator(system, random.pick(testChats)).catch(() => undefined),
    ),
  ];
  const { counts: faults, periods } = await runFaults(system, random, untilMs);
  await Promise.all(traffic);

  const sendResults = await Promise.all(sends);
  system.setEndpointFaults(KIND);
  const settled = await settle(system, deliveries, admin, SETTLE_TIMEOUT_MS);
  const views = await Promise.all(watchers.map((watcher) => watcher.finish()));
  const { differences: sendDifferences, ...sendCounts } = await compareSends(system, sendResults, periods);
  const differences = [
    ...(await baseDifferences(system, deliveries, settled)),
    ...sendDifferences,
    ...watchers.flatMap(({ chatId, faults }) => faults.map((fault) => `a client of chat ${chatId} ${fault}`)),
    ...views.flatMap(({ difference }, i) =>
      difference ? [`a client of chat ${watchers[i]?.chatId} ${difference}`] : [],
    ),
    ...[...faults]
      .filter(([, count]) => count === 0 && runMs >= 60_000)
      .map(([kind]) => `never occurred: ${kind}`),
  ];
  return {
    ...summary(system, deliveries, settled),
    faults: Object.fromEntries(faults),
    sends: { ...sendCounts, responses: countBy(sendResults, ({ status }) => String(status)) },
    clients: {
      resumes: (["current", "replay", "reset"] as const).map(
        (kind) => `${kind} ${watchers.reduce((sum, { resumes }) => sum + resumes[kind], 0)}`,
      ),
      events: watchers.reduce((sum, { events }) => sum + events, 0),
      syncedAtTheEnd: views.filter(({ synced }) => synced).length,
    },
    differences,
  };
}

async function openWatchers(system: System, agents: Map<number, Agent>, random: Chance): Promise<Watcher[]> {
  const chats = await system.query<{ id: number; organizationId: number }>(
    'select id, "organizationId" from "Chat" order by id',
  );
  return random
    .shuffle(chats)
    .slice(0, WATCHERS)
    .map(({ id, organizationId }) => aWatcher(system.url, agentOf(agents, { organizationId }), id, random));
}

/** Posts one event, or several of different chats in one body; sometimes late, sometimes a second time in another order. */
function postSome(deliveries: Deliveries, testChats: TestChat[], random: Chance): void {
  const size = random.happens(0.6) ? 1 : random.between(2, 8);
  const events: Event[] = Array.from({ length: size }, () => anEvent(random.pick(testChats), random));
  const delayMs = random.happens(0.2) ? random.between(50, 1_500) : 0;
  void sleep(delayMs).then(() => deliveries.deliver(events));
  if (random.happens(0.1))
    void sleep(random.between(0, 3_000)).then(() => deliveries.deliver(random.shuffle(events)));
}

function agentOf(agents: Map<number, Agent>, { organizationId }: Pick<TestChat, "organizationId">): Agent {
  const agent = agents.get(organizationId);
  if (!agent) throw new Error(`organization ${organizationId} has no agent`);
  return agent;
}

async function every(ms: number, isOn: () => boolean, work: () => void): Promise<void> {
  for (; isOn(); await sleep(ms)) work();
  await sleep(LAST_POSTS_MS);
}
