import { setTimeout as sleep } from "node:timers/promises";
import { chatIds } from "../load/api.ts";
import { openChatSockets } from "../load/chat-sockets.ts";
import { storeHistory } from "../load/history.ts";
import { openConnection } from "../load/http-connection.ts";
import { customerPhone, texts, textWebhooks } from "../load/webhooks.ts";
import { interleave } from "../measure/rounds.ts";
import { cpuNote, cpuPerCall, type SystemCpu, systemCpu } from "../measure/system-cpu.ts";
import { FIRST_PHONE } from "../settings.ts";
import { atMost, figureOf, median } from "../statistics.ts";
import type { System } from "../systems/system.ts";
import { type TestBed, vacuum, withTestBed } from "../systems/test-bed.ts";
import { shortNumber } from "../table.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";
import { versus } from "./versus.ts";

const SOCKETS = 1_000;
const PAUSE_MS = 100;
const ARRIVAL_LIMIT_MS = 10_000;

/** The p50 of the time from the start of a POST until the first and until the last socket has the frame, and the CPU per event. */
type Round = { firstMs: number; lastMs: number; cpu: SystemCpu };
type Subscribers = {
  system: System;
  /** The event in progress: the text that identifies it, and the number of sockets that have it. */
  expected: { marker: string; arrived: number; first: () => void; done: () => void } | null;
};

export const fanOut: Workload = {
  name: "fan-out",
  about: `One webhook to ${SOCKETS} sockets of its chat, until the last socket has it.`,
  run: (options) =>
    withTestBed({ peers: ["careful-express", "socket-io", "bare-ws"] }, (testBed) =>
      measure(testBed, options),
    ),
};

async function measure(testBed: TestBed, options: WorkloadOptions): Promise<Figure[]> {
  const groups: Subscribers[] = [];
  for (const system of testBed.systems) groups.push(await openSubscribers(system));
  await vacuum(testBed);
  const events = options.quick ? 5 : 20;
  const contenders = groups.map((group) => ({
    name: group.system.name,
    run: () => measureRound(testBed, group, events),
  }));
  for (const { run } of contenders) await run();
  const rounds = await interleave(contenders, options);
  const details = (peer: string) => {
    const of = (name: string) => median((rounds.results[name] ?? []).map(({ firstMs }) => firstMs));
    return `first socket: ${shortNumber(of("product"))} ÷ ${shortNumber(of(peer))} ms; ${cpuNote(rounds, peer)}`;
  };
  const bare = (rounds.results["bare-ws"] ?? []).map(({ lastMs }) => lastMs);
  return [
    versus(rounds, "careful-express", ({ lastMs }) => lastMs, {
      id: "fan-out-careful",
      label: `one event to ${SOCKETS} sockets, last socket, p50`,
      show: "ms",
      target: atMost(1.1),
      note: details("careful-express"),
    }),
    versus(rounds, "socket-io", ({ lastMs }) => lastMs, {
      id: "fan-out-socket-io",
      label: `one event to ${SOCKETS} sockets ÷ socket.io with connection state recovery`,
      show: "ms",
      target: atMost(1.3),
      note: details("socket-io"),
    }),
    figureOf(bare, {
      id: "fan-out-bare-ws",
      label: `bare ws without validation or storage: last of ${SOCKETS} sockets`,
      unit: "ms",
      discarded: rounds.discarded,
    }),
  ];
}

async function openSubscribers(system: System): Promise<Subscribers> {
  const group: Subscribers = { system, expected: null };
  const chatId = await chatOf(system);
  await openChatSockets(system, chatId, SOCKETS, (payload) => {
    const { expected } = group;
    if (!expected || !payload.includes(expected.marker)) return;
    if (expected.arrived === 0) expected.first();
    if (++expected.arrived === SOCKETS) expected.done();
  });
  return group;
}

async function chatOf(system: System): Promise<number> {
  if (system.name === "bare-ws") return 1;
  await storeHistory(system, texts(1, FIRST_PHONE, 1).messages);
  // The socket.io peer cannot list chats; its only chat has the id 1.
  return system.name === "socket-io" ? 1 : ((await chatIds(system)).get(customerPhone(0)) ?? 0);
}

/** Throws unless every socket gets every event. */
async function measureRound({ postgres }: TestBed, group: Subscribers, events: number): Promise<Round> {
  const { webhooks } = textWebhooks(events, FIRST_PHONE, 1);
  const times = { firstMs: [] as number[], lastMs: [] as number[] };
  const connection = await openConnection(group.system.port);
  const before = await systemCpu(group.system, postgres.pid);
  for (const { wamid, request } of webhooks) {
    let done = () => {};
    const all = new Promise<void>((resolve) => {
      done = resolve;
    });
    const startedAtMs = performance.now();
    const first = () => void times.firstMs.push(performance.now() - startedAtMs);
    group.expected = { marker: wamid, arrived: 0, first, done };
    const answer = connection.request(request);
    const limit = sleep(ARRIVAL_LIMIT_MS, "late", { ref: false });
    if ((await Promise.race([all, limit])) === "late") {
      const { arrived } = group.expected;
      throw new Error(`${group.system.name} gave an event to ${arrived} of ${SOCKETS} sockets.`);
    }
    times.lastMs.push(performance.now() - startedAtMs);
    await answer;
    await sleep(PAUSE_MS);
  }
  const after = await systemCpu(group.system, postgres.pid);
  connection.close();
  return {
    cpu: cpuPerCall(before, after, events),
    firstMs: median(times.firstMs),
    lastMs: median(times.lastMs),
  };
}
