import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyMode } from "./proxy.ts";
import type { Chance } from "./random.ts";
import type { System } from "./system.ts";

const PAUSE_MS = { least: 1_000, most: 2_500 };
const LASTS_MS = { least: 1_000, most: 3_000 };

/** What the simulator is told, by the name that is counted. */
const SIMULATED: Record<string, object> = {
  "Graph drops the answer": { dropAnswer: { times: 2 } },
  "Graph drops the request": { dropRequest: { times: 2 } },
  "Graph answers 500": { answer: { status: 500, times: 2 } },
  "Graph answers 500, but took it": { answer: { status: 500, accepted: true, times: 2 } },
  "Graph answers 130429": { answer: { code: 130429, times: 2 } },
  "a status comes before the answer": { statusFirst: { times: 2 } },
  "webhooks are late": { delay: { ms: 700, times: 5 } },
  "webhooks change order": { reorder: { window: 4, times: 2 } },
  "webhooks come twice": { duplicate: { copies: 2, times: 5 } },
  "webhooks are batched": { batch: { size: 3, times: 2 } },
};

const PROXIED: Record<string, ProxyMode> = {
  "the endpoint refuses": "refuse",
  "the endpoint answers 503": "unavailable",
  "the endpoint's answers are lost": "dropAnswer",
};

const KILLED = "workerd is killed";
const STOPPED = "Postgres is stopped";
const FROZEN = "Postgres stands still";
const KINDS = [KILLED, STOPPED, FROZEN, ...Object.keys(PROXIED), ...Object.keys(SIMULATED)];

/** A fault that lasted, on the clock of this machine. */
export type Spell = { kind: string; fromMs: number; untilMs: number };

/** Lets one fault after another happen until the time is over, and then heals everything. Gives how often each was, and when. */
export async function runFaults(
  system: System,
  random: Chance,
  untilMs: number,
): Promise<{ counts: Map<string, number>; spells: Spell[] }> {
  const counts = new Map(KINDS.map((kind) => [kind, 0]));
  const spells: Spell[] = [];
  const noted = (kind: string, fault: () => Promise<void>) => async () => {
    const fromMs = Date.now();
    await fault();
    spells.push({ kind, fromMs, untilMs: Date.now() });
  };
  const deck: string[] = [];
  /** One at a time for each part; different parts fail together. */
  let [worker, postgres, proxy] = [Promise.resolve(), Promise.resolve(), Promise.resolve()];
  while (Date.now() < untilMs) {
    // As from a pack of cards, so that each comes before any comes again.
    if (deck.length === 0) deck.push(...random.shuffle(KINDS));
    const kind = deck.pop() ?? KILLED;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const lastsMs = random.between(LASTS_MS.least, LASTS_MS.most);
    const mode = PROXIED[kind];
    if (kind === KILLED) worker = worker.then(noted(kind, () => system.killWorker()));
    else if (kind === STOPPED) postgres = postgres.then(noted(kind, () => stopped(system, lastsMs)));
    else if (kind === FROZEN) postgres = postgres.then(noted(kind, () => frozen(system, lastsMs)));
    else if (mode) proxy = proxy.then(noted(kind, () => proxied(system, mode, lastsMs)));
    else await simulated(system, SIMULATED[kind] ?? {});
    await sleep(random.between(PAUSE_MS.least, PAUSE_MS.most));
  }
  await Promise.all([worker, postgres, proxy]);
  await fetch(`${system.simulatorUrl}/simulator/faults`, { method: "DELETE" });
  return { counts, spells };
}

async function stopped(system: System, lastsMs: number): Promise<void> {
  await system.stopPostgres();
  await sleep(lastsMs);
  await system.resumePostgres();
}

async function frozen(system: System, lastsMs: number): Promise<void> {
  const goOn = await system.freezePostgres();
  await sleep(lastsMs);
  await goOn();
}

async function proxied(system: System, mode: ProxyMode, lastsMs: number): Promise<void> {
  system.proxy.set(mode);
  await sleep(lastsMs);
  system.proxy.set("forward");
}

async function simulated(system: System, faults: object): Promise<void> {
  const answer = await fetch(`${system.simulatorUrl}/simulator/faults`, {
    method: "POST",
    body: JSON.stringify(faults),
  });
  if (!answer.ok) throw new Error(`the simulator takes no such fault: ${await answer.text()}`);
}
