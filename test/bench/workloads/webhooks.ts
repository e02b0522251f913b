import { textWebhooks } from "../load/webhooks.ts";
import { residentMb } from "../measure/cpu.ts";
import { interleave, type Rounds } from "../measure/rounds.ts";
import { storeWebhooks } from "../measure/store-webhooks.ts";
import type { SystemCpu } from "../measure/system-cpu.ts";
import { FIRST_PHONE } from "../settings.ts";
import { atLeast, atMost, median, percentilesOf, ratioOf } from "../statistics.ts";
import { answersFirst, type System } from "../systems/system.ts";
import { type TestBed, vacuum, withTestBed } from "../systems/test-bed.ts";
import type { Figure, Target, Workload, WorkloadOptions } from "../workload.ts";
import { versus } from "./versus.ts";

const PEER = "careful-express";
/** For comparison; only in a full run. */
const OTHER_PEERS = ["stepwise-express", "careful-fastify", "naive-express"];
const CUSTOMERS = 1_000;
/** How many webhooks per second are signed in advance: more than any system stores. */
const MAX_PER_SECOND = 6_000;

/** Targets for the stored webhooks per second and for Postgres' CPU time per webhook. */
const TARGETS: [connections: number, stored: Target, cpu: Target | null][] = [
  [1, atLeast(0.8), atMost(1)],
  [16, atLeast(1), null],
  [64, atLeast(2), atMost(0.25)],
  [256, atLeast(2.5), null],
];

type Round = {
  storedPerSecond: number;
  cpu: SystemCpu;
  latencyMs: ReturnType<typeof percentilesOf>;
  generatorCpuShare: number;
  refused: Record<number, number>;
  missing: number;
  doubled: number;
};

export const webhooks: Workload = {
  name: "webhooks",
  about: "Signed webhooks with one message each, from 1,000 customers, over 1, 16, 64 and 256 connections.",
  run: (options) => {
    const peers = options.quick ? [PEER] : [PEER, ...OTHER_PEERS];
    return withTestBed({ peers }, (testBed) => measure(testBed, options));
  },
};

async function measure(testBed: TestBed, options: WorkloadOptions): Promise<Figure[]> {
  const { quick, log } = options;
  for (const system of testBed.systems) await warmUp(testBed, system);
  await vacuum(testBed);
  const durationMs = quick ? 1_000 : 3_000;
  const byConnections = new Map<number, Rounds<Round>>();
  for (const systems of turnsOf(testBed.systems)) {
    for (const [connections] of TARGETS) {
      const contenders = systems.map((system) => ({
        name: system.name,
        run: () => measureRound(testBed, system, connections, durationMs),
      }));
      const rounds = await interleave(contenders, options);
      log(`  ${connections} connections: ${summaryOf(rounds)}`);
      byConnections.set(connections, together(byConnections.get(connections), rounds));
    }
  }
  const figures = TARGETS.flatMap(([connections, stored, cpu]) => {
    const rounds = byConnections.get(connections);
    return rounds ? figuresOf(connections, rounds, stored, cpu) : [];
  });
  return [...figures, await memoryFigure(testBed)];
}

/** The naive peer comes last and alone: what it has answered before storing it keeps Postgres busy for minutes. */
function turnsOf(systems: System[]): System[][] {
  const turns = [systems.filter((system) => !answersFirst(system)), systems.filter(answersFirst)];
  return turns.filter(({ length }) => length > 0);
}

function together(first: Rounds<Round> | undefined, second: Rounds<Round>): Rounds<Round> {
  if (!first) return second;
  return {
    results: { ...first.results, ...second.results },
    discarded: first.discarded + second.discarded,
    noisy: first.noisy + second.noisy,
  };
}

/** Creates every customer's chat, and runs the measured code until it is compiled. */
async function warmUp({ postgres }: TestBed, system: System): Promise<void> {
  const postmaster = postgres.pid;
  const first = textWebhooks(CUSTOMERS, FIRST_PHONE, CUSTOMERS);
  await storeWebhooks(system, { batch: first, connections: 16, durationMs: 30_000, postmaster });
  const second = textWebhooks(MAX_PER_SECOND, FIRST_PHONE, CUSTOMERS);
  await storeWebhooks(system, { batch: second, connections: 64, durationMs: 1_500, postmaster });
}

async function measureRound(
  { postgres }: TestBed,
  system: System,
  connections: number,
  durationMs: number,
): Promise<Round> {
  const batch = textWebhooks((MAX_PER_SECOND * durationMs) / 1000, FIRST_PHONE, CUSTOMERS);
  const stored = await storeWebhooks(system, { batch, connections, durationMs, postmaster: postgres.pid });
  const { load, ledger, elapsedMs } = stored;
  return {
    storedPerSecond: (load.accepted.length / elapsedMs) * 1_000,
    cpu: stored.cpu,
    latencyMs: percentilesOf(load.latenciesMs),
    generatorCpuShare: load.generatorCpuShare,
    refused: load.refused,
    missing: ledger.missing,
    doubled: ledger.doubled,
  };
}

function figuresOf(connections: number, rounds: Rounds<Round>, stored: Target, cpu: Target | null): Figure[] {
  const over = `${connections} connection${connections === 1 ? "" : "s"}`;
  const perSecond = versus(rounds, PEER, ({ storedPerSecond }) => storedPerSecond, {
    id: `webhooks-per-second-${connections}`,
    label: `stored webhooks per second, ${over}`,
    show: "/s",
    target: stored,
    note: notesOf(rounds).join("; "),
  });
  const postgresCpu = versus(rounds, PEER, ({ cpu }) => cpu.postgresMs * 1_000, {
    id: `webhook-postgres-cpu-${connections}`,
    label: `Postgres CPU per stored webhook, ${over}`,
    show: "µs",
    ...(cpu && { target: cpu }),
  });
  const endpointUs = 1_000 * median((rounds.results.product ?? []).map(({ cpu: own }) => own.endpointMs));
  const servingCpu = versus(rounds, PEER, ({ cpu }) => cpu.servingMs * 1_000, {
    id: `webhook-serving-cpu-${connections}`,
    label: `CPU of workerd ÷ of node per stored webhook, ${over}`,
    show: "µs",
    note: `and ${Math.round(endpointUs)} µs of the endpoint before Postgres`,
  });
  return cpu ? [perSecond, postgresCpu, servingCpu] : [perSecond, servingCpu];
}

/** The comparison with the other peers, their lost and doubled messages, and the load generator's CPU. */
function notesOf({ results }: Rounds<Round>): string[] {
  const perSecond = (name: string) =>
    median((results[name] ?? []).map(({ storedPerSecond }) => storedPerSecond));
  const others = OTHER_PEERS.filter((name) => name in results).map((name) => {
    const ratio = perSecond("product") / perSecond(name);
    const wrong = (results[name] ?? []).reduce((sum, { missing, doubled }) => sum + missing + doubled, 0);
    return `${ratio.toPrecision(2)} × ${name}${wrong > 0 ? `, which lost or doubled ${wrong}` : ""}`;
  });
  return [...others, `load generator: ${generatorPercent(Object.values(results).flat())} % of a core`];
}

function generatorPercent(rounds: Round[]): number {
  return Math.round(100 * Math.max(...rounds.map(({ generatorCpuShare }) => generatorCpuShare)));
}

function summaryOf({ results }: Rounds<Round>): string {
  const parts = Object.entries(results).map(([name, rounds]) => {
    const stored = Math.round(median(rounds.map(({ storedPerSecond }) => storedPerSecond)));
    return `${name} ${stored}/s (load generator: ${generatorPercent(rounds)} % of a core)`;
  });
  return parts.join(", ");
}

async function memoryFigure({ systems }: TestBed): Promise<Figure> {
  const [product, peer] = await Promise.all(
    ["product", PEER].map(
      async (name) => await residentMb(systems.find((each) => each.name === name)?.pid ?? 0),
    ),
  );
  return ratioOf([product ?? Number.NaN], [peer ?? Number.NaN], {
    id: "memory-after-load",
    label: "resident memory after the webhooks, workerd ÷ node",
    unit: "×",
    target: atMost(1),
    note: `${Math.round(product ?? 0)} MB ÷ ${Math.round(peer ?? 0)} MB`,
  });
}
