import { setTimeout as sleep } from "node:timers/promises";
import { chatIds } from "../load/api.ts";
import { openChatSockets } from "../load/chat-sockets.ts";
import { storeHistory } from "../load/history.ts";
import { steadyRate } from "../load/steady-rate.ts";
import { customerPhone, texts, textWebhooks } from "../load/webhooks.ts";
import { interleave } from "../measure/rounds.ts";
import { FIRST_PHONE } from "../settings.ts";
import { atMost, percentilesOf } from "../statistics.ts";
import type { System } from "../systems/system.ts";
import { type TestBed, vacuum, withTestBed } from "../systems/test-bed.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";
import { versus } from "./versus.ts";

const PEER = "careful-express";
const PER_SECOND = 20;
const ARRIVAL_LIMIT_MS = 5_000;

type Round = ReturnType<typeof percentilesOf>;
type Watched = {
  system: System;
  /** When the frame of each message arrived, by wamid. */
  arrivals: Map<string, number>;
};

export const latency: Workload = {
  name: "latency",
  about: `The time from the start of a webhook's POST to its frame on an open chat, at ${PER_SECOND} webhooks per second.`,
  run: (options) => withTestBed({ peers: [PEER] }, (testBed) => measure(testBed, options)),
};

async function measure(testBed: TestBed, options: WorkloadOptions): Promise<Figure[]> {
  const watched: Watched[] = [];
  for (const system of testBed.systems) watched.push(await watchChat(system));
  await vacuum(testBed);
  const seconds = options.quick ? 1.5 : 5;
  const contenders = watched.map((each) => ({
    name: each.system.name,
    run: () => measureRound(each, seconds),
  }));
  for (const { run } of contenders) await run();
  const rounds = await interleave(contenders, options);
  const share = (percent: keyof Round, describe: object) =>
    versus(rounds, PEER, (round) => round[percent], {
      id: `webhook-to-socket-${percent}`,
      label: `webhook → socket, ${percent} at ${PER_SECOND} per second`,
      show: "ms",
      ...describe,
    });
  return [share("p50", { target: atMost(1.3) }), share("p95", {}), share("p99", {})];
}

/** Opens one socket of one chat. */
async function watchChat(system: System): Promise<Watched> {
  await storeHistory(system, texts(20, FIRST_PHONE, 20).messages);
  const chatId = (await chatIds(system)).get(customerPhone(0));
  if (chatId === undefined) throw new Error(`${system.name} has no chat for the first customer.`);
  const arrivals = new Map<string, number>();
  const [socket] = await openChatSockets(system, chatId, 1, (payload) => {
    const arrivedAtMs = performance.now();
    const frame = JSON.parse(payload.toString()) as { seq?: number; message?: { wamid: string } };
    if (!frame.message) return;
    arrivals.set(frame.message.wamid, arrivedAtMs);
    if (frame.seq !== undefined && frame.seq % 50 === 0)
      socket?.send(JSON.stringify({ type: "ack", seq: frame.seq }));
  });
  return { system, arrivals };
}

/** Throws unless every message arrives on the socket. */
async function measureRound({ system, arrivals }: Watched, seconds: number): Promise<Round> {
  const { webhooks } = textWebhooks(PER_SECOND * seconds, FIRST_PHONE, 1);
  const startedAtMs: number[] = [];
  const requests = webhooks.map(({ request }) => request);
  const refused = await steadyRate(system.port, PER_SECOND, requests, (index, atMs) => {
    startedAtMs[index] = atMs;
  });
  if (refused > 0) throw new Error(`${system.name} refused ${refused} webhooks.`);
  const missing = () => webhooks.filter(({ wamid }) => !arrivals.has(wamid)).length;
  for (let waitedMs = 0; missing() > 0 && waitedMs < ARRIVAL_LIMIT_MS; waitedMs += 10) await sleep(10);
  if (missing() > 0) throw new Error(`${missing()} messages of ${system.name} did not arrive on the socket.`);
  const tookMs = webhooks.map(({ wamid }, index) => (arrivals.get(wamid) ?? 0) - (startedAtMs[index] ?? 0));
  return percentilesOf(tookMs);
}
