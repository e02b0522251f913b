import { join } from "node:path";
import { closedLoop } from "../load/closed-loop.ts";
import { storeHistory } from "../load/history.ts";
import { httpRequest } from "../load/http-request.ts";
import { customerPhone, texts } from "../load/webhooks.ts";
import { interleave } from "../measure/rounds.ts";
import { cpuNote, cpuPerCall, type SystemCpu, systemCpu } from "../measure/system-cpu.ts";
import { agentToken, PHONES } from "../settings.ts";
import { atLeast, atMost, percentilesOf } from "../statistics.ts";
import { runSql } from "../systems/database.ts";
import { startNodeProcess } from "../systems/node-process.ts";
import type { System } from "../systems/system.ts";
import { type TestBed, vacuum, withTestBed } from "../systems/test-bed.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";
import { versus } from "./versus.ts";

const PEER = "careful-express";
const GRAPH_MS = 50;
const MANY_CONNECTIONS = 64;
/** Enough customers to stay within Meta's limit per customer (one message in six seconds, with bursts of 45). */
const CUSTOMERS_PER_PHONE = 250;
/** The maximum for 64 connections if only Graph took time. */
const MAX_PER_SECOND = (1_000 / GRAPH_MS) * MANY_CONNECTIONS;

type Round = {
  ownShareMs: number;
  latencyMs: ReturnType<typeof percentilesOf>;
  perSecond: number;
  cpu: SystemCpu;
};

export const sends: Workload = {
  name: "sends",
  about: `POST /send over 16 phones, with a Graph API that answers after ${GRAPH_MS} ms.`,
  run: async (options) => {
    const script = join(import.meta.dirname, "../systems/graph-stub.ts");
    const graph = await startNodeProcess(script, { RESPONSE_DELAY_MS: String(GRAPH_MS) });
    const graphUrl = `http://127.0.0.1:${graph.port}`;
    try {
      return await withTestBed({ peers: [PEER], graphUrl }, (testBed) => measure(testBed, graphUrl, options));
    } finally {
      await graph.stop();
    }
  },
};

async function measure(testBed: TestBed, graphUrl: string, options: WorkloadOptions): Promise<Figure[]> {
  for (const system of testBed.systems) await warmUp(testBed, system, graphUrl);
  await vacuum(testBed);
  const durationMs = options.quick ? 1_000 : 3_000;
  const contendersOf = (connections: number) =>
    testBed.systems.map((system) => ({
      name: system.name,
      run: () => measureRound(testBed, system, graphUrl, connections, durationMs),
    }));
  const one = await interleave(contendersOf(1), options);
  const many = await interleave(contendersOf(MANY_CONNECTIONS), options);
  return [
    versus(one, PEER, ({ ownShareMs }) => ownShareMs, {
      id: "send-own-share",
      label: `send: p50 without Graph's ${GRAPH_MS} ms, 1 connection`,
      show: "ms",
      target: atMost(1.2),
      note: cpuNote(one, PEER),
    }),
    versus(many, PEER, ({ perSecond }) => perSecond, {
      id: "send-per-second",
      label: `send: throughput, ${MANY_CONNECTIONS} connections over ${PHONES.length} phones`,
      show: "/s",
      target: atLeast(0.9),
      note: cpuNote(many, PEER),
    }),
  ];
}

/** Stores a message of every customer, so that free text is allowed, then sends until the code is compiled. */
async function warmUp(testBed: TestBed, system: System, graphUrl: string): Promise<void> {
  for (const { id, phoneNumberId } of PHONES) {
    const { messages } = texts(CUSTOMERS_PER_PHONE, phoneNumberId, CUSTOMERS_PER_PHONE);
    await storeHistory(
      system,
      messages.map((message, n) => ({ ...message, from: recipient(id, n) })),
    );
  }
  await measureRound(testBed, system, graphUrl, MANY_CONNECTIONS, 1_500);
}

let rounds = 0;

/** Throws unless each accepted send caused one call to Graph and one accepted row. */
async function measureRound(
  { postgres }: TestBed,
  system: System,
  graphUrl: string,
  connections: number,
  durationMs: number,
): Promise<Round> {
  const prefix = `round-${rounds++}-`;
  const requests = await sendRequests((MAX_PER_SECOND * durationMs) / 1000, prefix);
  const callsBefore = await graphCalls(graphUrl);
  const before = await systemCpu(system, postgres.pid);
  const load = await closedLoop({ port: system.port, connections, requests, durationMs });
  const after = await systemCpu(system, postgres.pid);
  const accepted = load.accepted.length;
  const calls = (await graphCalls(graphUrl)) - callsBefore;
  const [row] = await runSql<{ count: number }>(
    system.databaseUrl,
    `select count(*)::int as count from "Message" where "fromMe" and status = 'accepted' and starts_with(body, $1)`,
    [prefix],
  );
  if (accepted === 0 || accepted !== calls || accepted !== row?.count) {
    const refused = JSON.stringify(load.refused);
    throw new Error(
      `${system.name} responded to ${accepted} sends with 200 (others: ${refused}), called Graph ${calls} times and has ${row?.count} accepted rows.`,
    );
  }
  const latencyMs = percentilesOf(load.latenciesMs);
  return {
    ownShareMs: latencyMs.p50 - GRAPH_MS,
    latencyMs,
    perSecond: (accepted / load.elapsedMs) * 1_000,
    cpu: cpuPerCall(before, after, accepted),
  };
}

async function sendRequests(count: number, prefix: string): Promise<Buffer[]> {
  const authorization = `Bearer ${await agentToken()}`;
  return Array.from({ length: count }, (_, n) => {
    const { id } = PHONES[n % PHONES.length] ?? { id: 1 };
    const to = recipient(id, Math.floor(n / PHONES.length) % CUSTOMERS_PER_PHONE);
    const message = `${prefix}${n}: your order is on its way and will be with you tomorrow.`;
    const body = JSON.stringify({ organizationPhoneId: id, to, type: "text", message });
    return httpRequest("POST", "/api/waba/send", { authorization, "idempotency-key": `${prefix}${n}` }, body);
  });
}

/** Every customer writes to one phone only. */
function recipient(phoneId: number, n: number): string {
  return customerPhone(phoneId * CUSTOMERS_PER_PHONE + n);
}

async function graphCalls(graphUrl: string): Promise<number> {
  const response = await fetch(graphUrl);
  return ((await response.json()) as { sent: number }).sent;
}
