import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyMode } from "./proxy.ts";
import type { Chance } from "./random.ts";
import type { System } from "./system.ts";

const PAUSE_MS = { min: 1_000, max: 2_500 };
const DURATION_MS = { min: 1_000, max: 3_000 };

/** Faults of the simulator, by the name in the report. */
const SIMULATED: Record<string, object> = {
  "Graph drops the answer": { dropAnswer: { times: 2 } },
  "Graph drops the request": { dropRequest: { times: 2 } },
  "Graph answers 500": { answer: { status: 500, times: 2 } },
  "Graph answers 500 after accepting": { answer: { status: 500, accepted: true, times: 2 } },
  "Graph answers 130429": { answer: { code: 130429, times: 2 } },
  "a status comes before the answer": { statusFirst: { times: 2 } },
  "webhooks are late": { delay: { ms: 700, times: 5 } },
  "webhooks arrive out of order": { reorder: { window: 4, times: 2 } },
  "webhooks arrive twice": { duplicate: { copies: 2, times: 5 } },
  "webhooks are batched": { batch: { size: 3, times: 2 } },
};

const PROXIED: Record<string, ProxyMode> = {
  "the database endpoint refuses connections": "refuse",
  "the database endpoint answers 503": "unavailable",
  "the database endpoint's answers are lost": "dropAnswer",
};

const KILLED = "workerd is killed";
const STOPPED = "Postgres is stopped";
const FROZEN = "Postgres is frozen";
const POSTGRES_KILLED = "Postgres is killed";
const ENDPOINT_KILLED = "the database endpoint is killed";
const DISK = "the disk of the spool refuses writes";
const OWN_KINDS = [KILLED, STOPPED, FROZEN, POSTGRES_KILLED, ENDPOINT_KILLED, DISK];
const KINDS = [...OWN_KINDS, ...Object.keys(PROXIED), ...Object.keys(SIMULATED)];

/** When a fault began and ended, in unix milliseconds. */
export type FaultPeriod = { kind: string; fromMs: number; untilMs: number };

/** Causes one fault after another until `untilMs`, then repairs everything. Returns how often each fault occurred, and when. */
export async function runFaults(
  system: System,
  random: Chance,
  untilMs: number,
): Promise<{ counts: Map<string, number>; periods: FaultPeriod[] }> {
  const counts = new Map(KINDS.map((kind) => [kind, 0]));
  const periods: FaultPeriod[] = [];
  const recorded = (kind: string, fault: () => Promise<void>) => async () => {
    const fromMs = Date.now();
    await fault();
    periods.push({ kind, fromMs, untilMs: Date.now() });
  };
  const upcoming: string[] = [];
  /** Each part has one fault at a time; different parts may fail at the same time. */
  let [worker, postgres, proxy] = [Promise.resolve(), Promise.resolve(), Promise.resolve()];
  let [endpoint, disk] = [Promise.resolve(), Promise.resolve()];
  while (Date.now() < untilMs) {
    // Every kind occurs once before any occurs again.
    if (upcoming.length === 0) upcoming.push(...random.shuffle(KINDS));
    const kind = upcoming.pop() ?? KILLED;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const durationMs = random.between(DURATION_MS.min, DURATION_MS.max);
    const mode = PROXIED[kind];
    if (kind === KILLED) worker = worker.then(recorded(kind, () => system.killWorker()));
    else if (kind === STOPPED)
      postgres = postgres.then(recorded(kind, () => stopPostgres(system, durationMs)));
    else if (kind === FROZEN)
      postgres = postgres.then(recorded(kind, () => freezePostgres(system, durationMs)));
    else if (kind === POSTGRES_KILLED) postgres = postgres.then(recorded(kind, () => system.killPostgres()));
    else if (kind === ENDPOINT_KILLED) endpoint = endpoint.then(recorded(kind, () => system.killEndpoint()));
    else if (kind === DISK) disk = disk.then(recorded(kind, () => lockDisk(system, durationMs)));
    else if (mode) proxy = proxy.then(recorded(kind, () => breakEndpoint(system, mode, durationMs)));
    else await setSimulatorFault(system, SIMULATED[kind] ?? {});
    await sleep(random.between(PAUSE_MS.min, PAUSE_MS.max));
  }
  await Promise.all([worker, postgres, proxy, endpoint, disk]);
  await fetch(`${system.simulatorUrl}/simulator/faults`, { method: "DELETE" });
  return { counts, periods };
}

async function stopPostgres(system: System, durationMs: number): Promise<void> {
  await system.stopPostgres();
  await sleep(durationMs);
  await system.resumePostgres();
}

async function freezePostgres(system: System, durationMs: number): Promise<void> {
  const resume = await system.freezePostgres();
  await sleep(durationMs);
  await resume();
}

async function breakEndpoint(system: System, mode: ProxyMode, durationMs: number): Promise<void> {
  system.proxy.set(mode);
  await sleep(durationMs);
  system.proxy.set("forward");
}

async function lockDisk(system: System, durationMs: number): Promise<void> {
  const release = await system.lockSpools();
  await sleep(durationMs);
  release();
}

async function setSimulatorFault(system: System, faults: object): Promise<void> {
  const response = await fetch(`${system.simulatorUrl}/simulator/faults`, {
    method: "POST",
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`the simulator rejects the fault: ${await response.text()}`);
}
