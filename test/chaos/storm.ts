import { setTimeout as sleep } from "node:timers/promises";
import { type Agent, anAgent, type Sent, sendText } from "./agents.ts";
import { type Deliveries, startDeliveries } from "./deliveries.ts";
import { anEvent, aText, type Event, type Line, lines } from "./events.ts";
import { runFaults } from "./faults.ts";
import { inboundDifferences, numberingDifferences, outbound } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import type { System } from "./system.ts";
import { aWatcher, type Watcher } from "./watchers.ts";

const POST_EVERY_MS = 60;
const SEND_EVERY_MS = 700;
const CUSTOMER_EVERY_MS = 900;
const WATCHERS = 20;
const SETTLE_LIMIT_MS = 210_000;

/** Everything at once: traffic in both directions, clients that come and go, and one fault after another. */
export async function storm(system: System, random: Chance, runMs: number): Promise<Report> {
  const deliveries = startDeliveries(system.url);
  const agents = new Map([
    [1, await anAgent(system.url, 1)],
    [2, await anAgent(system.url, 2)],
  ]);
  const all = lines();
  await prime(system, deliveries, all);
  const watchers = await openWatchers(system, agents, random);

  const untilMs = Date.now() + runMs;
  const isOn = () => Date.now() < untilMs;
  const sends: Promise<Sent>[] = [];
  const traffic = [
    every(POST_EVERY_MS, isOn, () => postSome(deliveries, all, random)),
    every(SEND_EVERY_MS, isOn, () => {
      const line = random.pick(all);
      sends.push(sendText(agentOf(agents, line), line, `chaos-key-${sends.length}`, random.happens(0.3)));
    }),
    every(CUSTOMER_EVERY_MS, isOn, () => void write(system, random.pick(all)).catch(() => undefined)),
  ];
  const { counts: faults, spells } = await runFaults(system, random, untilMs);
  await Promise.all(traffic);

  const sent = await Promise.all(sends);
  const settled = await settle(system, deliveries, agentOf(agents, all[0]), SETTLE_LIMIT_MS);
  const views = await Promise.all(watchers.map((watcher) => watcher.finish()));
  const out = await outbound(system, sent, spells);
  const differences = [
    ...settled.unsettled.map((what) => `not settled: ${what}`),
    ...(await inboundDifferences(system, deliveries)),
    ...(await numberingDifferences(system)),
    ...out.differences,
    ...watchers.flatMap(({ chatId, faults }) => faults.map((fault) => `client of chat ${chatId}: ${fault}`)),
    ...views.flatMap(({ difference }, i) =>
      difference ? [`client of chat ${watchers[i]?.chatId}: ${difference}`] : [],
    ),
    ...[...faults]
      .filter(([, count]) => count === 0 && runMs >= 60_000)
      .map(([kind]) => `never happened: ${kind}`),
  ];
  const { differences: _, ...sending } = out;
  return {
    ...summary(system, deliveries, settled),
    faults: Object.fromEntries(faults),
    sends: { ...sending, answers: countBy(sent, ({ status }) => String(status)) },
    clients: {
      resumes: (["current", "replay", "reset"] as const).map(
        (kind) => `${kind} ${watchers.reduce((sum, { resumes }) => sum + resumes[kind], 0)}`,
      ),
      events: watchers.reduce((sum, { events }) => sum + events, 0),
      askedInTheEnd: views.filter(({ asked }) => asked).length,
    },
    differences,
  };
}

/** Every chat begins with a customer's message: by the simulator, so that it takes answers, and by the generator. */
export async function prime(system: System, deliveries: Deliveries, all: Line[]): Promise<void> {
  for (const line of all) await write(system, line);
  await Promise.all(all.map((line) => deliveries.deliver([aText(line)])));
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

/** A batch of several chats' events; sometimes late, sometimes twice, sometimes once more alone. */
function postSome(deliveries: Deliveries, all: Line[], random: Chance): void {
  const size = random.happens(0.6) ? 1 : random.between(2, 8);
  const events: Event[] = Array.from({ length: size }, () => anEvent(random.pick(all), random));
  const delayMs = random.happens(0.2) ? random.between(50, 1_500) : 0;
  void sleep(delayMs).then(() => deliveries.deliver(events));
  if (random.happens(0.1))
    void sleep(random.between(0, 3_000)).then(() => deliveries.deliver(random.shuffle(events)));
}

/** The customer writes on the simulator's phone. */
async function write({ simulatorUrl }: System, { customer, phoneNumberId }: Line): Promise<void> {
  const address = `${simulatorUrl}/simulator/customers/${customer}/messages?phoneNumberId=${phoneNumberId}`;
  const answer = await fetch(address, {
    method: "POST",
    body: JSON.stringify({ type: "text", text: { body: "From the phone of a customer" } }),
  });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
}

function agentOf(agents: Map<number, Agent>, line: Pick<Line, "organizationId"> | undefined): Agent {
  const agent = agents.get(line?.organizationId ?? 1);
  if (!agent) throw new Error("no agent of that organization");
  return agent;
}

async function every(ms: number, isOn: () => boolean, work: () => void): Promise<void> {
  for (; isOn(); await sleep(ms)) work();
  // What was put off last is under way by then.
  await sleep(3_000);
}

function countBy<Item>(items: Item[], keyOf: (item: Item) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(items, keyOf)].map(([key, some]) => [key, some.length]));
}
