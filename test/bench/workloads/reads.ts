import { chatIds, getJson } from "../load/api.ts";
import { closedLoop } from "../load/closed-loop.ts";
import { storeHistory } from "../load/history.ts";
import { httpRequest } from "../load/http-request.ts";
import { customerPhone, texts } from "../load/webhooks.ts";
import { interleave, type Rounds } from "../measure/rounds.ts";
import { cpuNote, cpuPerCall, type SystemCpu, systemCpu } from "../measure/system-cpu.ts";
import { agentToken, FIRST_PHONE } from "../settings.ts";
import { atLeast, atMost, percentilesOf } from "../statistics.ts";
import type { System } from "../systems/system.ts";
import { type TestBed, vacuum, withTestBed } from "../systems/test-bed.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";
import { versus } from "./versus.ts";

const PEER = "careful-express";
/** Long chats have a full page of messages, short ones a few. */
const HISTORY = {
  full: { longChats: 200, shortChats: 1_800 },
  quick: { longChats: 50, shortChats: 450 },
};
const LONG_CHAT_MESSAGES = 60;
const SHORT_CHAT_MESSAGES = 5;
const MANY_CONNECTIONS = 16;
/** More than any system answers. */
const MAX_PER_SECOND = 8_000;

const ROUTES = [
  { id: "chat-list", label: "chat list, 30 rows", rows: 30 },
  { id: "chat-page", label: "chat page, 50 messages", rows: 50 },
] as const;
type Route = (typeof ROUTES)[number];

type Round = { latencyMs: ReturnType<typeof percentilesOf>; perSecond: number; cpu: SystemCpu };

export const reads: Workload = {
  name: "reads",
  about:
    "GET /chats and GET /chats/:id/messages with 2,000 chats and 21,000 messages (--quick: a quarter of them).",
  run: (options) => withTestBed({ peers: [PEER] }, (testBed) => measure(testBed, options)),
};

async function measure(testBed: TestBed, options: WorkloadOptions): Promise<Figure[]> {
  const { quick } = options;
  const prepared: { system: System; requests: Record<Route["id"], Buffer[]> }[] = [];
  for (const system of testBed.systems)
    prepared.push({ system, requests: await prepare(system, HISTORY[quick ? "quick" : "full"]) });
  await vacuum(testBed);
  const durationMs = quick ? 700 : 2_500;
  const figures: Figure[] = [];
  for (const route of ROUTES) {
    const contendersOf = (connections: number) =>
      prepared.map(({ system, requests }) => ({
        name: system.name,
        run: () => measureRound(testBed, system, requests[route.id], connections, durationMs),
      }));
    // Warm up, so that code is compiled and statements are planned.
    for (const { run } of contendersOf(MANY_CONNECTIONS)) await run();
    const one = await interleave(contendersOf(1), options);
    const many = await interleave(contendersOf(MANY_CONNECTIONS), options);
    figures.push(...figuresOf(route, one, many));
  }
  return figures;
}

function figuresOf({ id, label }: Route, one: Rounds<Round>, many: Rounds<Round>): Figure[] {
  return [
    versus(one, PEER, ({ latencyMs }) => latencyMs.p50, {
      id: `${id}-p50`,
      label: `${label}: p50, 1 connection`,
      show: "ms",
      target: atMost(2),
      note: cpuNote(one, PEER),
    }),
    versus(many, PEER, ({ perSecond }) => perSecond, {
      id: `${id}-per-second`,
      label: `${label}: throughput, ${MANY_CONNECTIONS} connections`,
      show: "/s",
      target: atLeast(0.6),
      note: cpuNote(many, PEER),
    }),
    versus(many, PEER, ({ cpu }) => cpu.postgresMs * 1_000, {
      id: `${id}-postgres-cpu`,
      label: `${label}: Postgres CPU`,
      show: "µs",
      target: atMost(1.2),
    }),
  ];
}

/** Stores the history and returns the requests of each route. Throws when a page has the wrong number of rows. */
async function prepare(
  system: System,
  { longChats, shortChats }: (typeof HISTORY)["full"],
): Promise<Record<Route["id"], Buffer[]>> {
  const { messages: long } = texts(longChats * LONG_CHAT_MESSAGES, FIRST_PHONE, longChats);
  const { messages: short } = texts(shortChats * SHORT_CHAT_MESSAGES, FIRST_PHONE, shortChats);
  const others = short.map((message, n) => ({
    ...message,
    from: customerPhone(longChats + (n % shortChats)),
  }));
  await storeHistory(system, [...long, ...others]);
  const ids = await chatIds(system);
  const pages = Array.from({ length: longChats }, (_, n) => {
    const id = ids.get(customerPhone(n));
    return `/api/waba/chats/${id}/messages?limit=50`;
  });
  const paths = { "chat-list": ["/api/waba/chats?limit=30"], "chat-page": pages };
  const headers = { authorization: `Bearer ${await agentToken()}` };
  for (const { id, rows } of ROUTES) {
    const { data } = await getJson<{ data: unknown[] }>(system, paths[id][0] ?? "");
    if (data.length !== rows) throw new Error(`${system.name} returned ${data.length} rows for ${id}.`);
  }
  return {
    "chat-list": paths["chat-list"].map((path) => httpRequest("GET", path, headers)),
    "chat-page": paths["chat-page"].map((path) => httpRequest("GET", path, headers)),
  };
}

async function measureRound(
  { postgres }: TestBed,
  system: System,
  cycle: Buffer[],
  connections: number,
  durationMs: number,
): Promise<Round> {
  const count = (MAX_PER_SECOND * durationMs) / 1000;
  const requests = Array.from({ length: count }, (_, n) => cycle[n % cycle.length] ?? Buffer.alloc(0));
  const before = await systemCpu(system, postgres.pid);
  const load = await closedLoop({ port: system.port, connections, requests, durationMs });
  const after = await systemCpu(system, postgres.pid);
  const answered = load.accepted.length;
  if (Object.keys(load.refused).length > 0)
    throw new Error(`${system.name} refused reads: ${JSON.stringify(load.refused)}`);
  return {
    latencyMs: percentilesOf(load.latenciesMs),
    perSecond: (answered / load.elapsedMs) * 1_000,
    cpu: cpuPerCall(before, after, answered),
  };
}
