import { setTimeout as sleep } from "node:timers/promises";
import { chatIds } from "../load/api.ts";
import { openChatSockets } from "../load/chat-sockets.ts";
import { storeHistory } from "../load/history.ts";
import { openConnection } from "../load/http-connection.ts";
import { customerPhone, texts, textWebhooks } from "../load/webhooks.ts";
import { interleave } from "../measure/rounds.ts";
import { FIRST_PHONE } from "../settings.ts";
import { atMost, figureOf, median } from "../statistics.ts";
import { onStage, type Stage, vacuum } from "../systems/stage.ts";
import type { System } from "../systems/system.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";
import { versus } from "./versus.ts";

const SOCKETS = 1_000;
const PAUSE_MS = 100;
const ARRIVAL_LIMIT_MS = 10_000;

/** The p50 of a round's events, from the start of the POST until the last socket has its frame. */
type Round = { lastMs: number };
type Audience = {
  system: System;
  /** What the next event is known by, how many have it, and whom to tell when all have. */
  expected: { marker: string; arrived: number; done: () => void } | null;
};

export const fanOut: Workload = {
  name: "fan-out",
  about: `One webhook to ${SOCKETS} sockets of its chat, until the last socket has it.`,
  run: (options) =>
    onStage({ peers: ["careful-express", "socket-io", "bare-ws"] }, (stage) => measure(stage, options)),
};

async function measure(stage: Stage, options: WorkloadOptions): Promise<Figure[]> {
  const audiences: Audience[] = [];
  for (const system of stage.systems) audiences.push(await gather(system));
  await vacuum(stage);
  const events = options.quick ? 5 : 20;
  const contenders = audiences.map((audience) => ({
    name: audience.system.name,
    run: () => measureRound(audience, events),
  }));
  for (const { run } of contenders) await run();
  const rounds = await interleave(contenders, options);
  const bare = (rounds.results["bare-ws"] ?? []).map(({ lastMs }) => lastMs);
  return [
    versus(rounds, "careful-express", ({ lastMs }) => lastMs, {
      id: "fan-out-careful",
      label: `one event to ${SOCKETS} sockets, last one, p50`,
      show: "ms",
      target: atMost(1.1),
    }),
    versus(rounds, "socket-io", ({ lastMs }) => lastMs, {
      id: "fan-out-socket-io",
      label: `the same, ÷ socket.io with connection state recovery`,
      show: "ms",
      target: atMost(1.3),
    }),
    figureOf(bare, {
      id: "fan-out-bare-ws",
      label: `bare ws, nothing checked or stored: last of ${SOCKETS} sockets`,
      unit: "ms",
      discarded: rounds.discarded,
    }),
  ];
}

async function gather(system: System): Promise<Audience> {
  const audience: Audience = { system, expected: null };
  const chatId = await chatOf(system);
  await openChatSockets(system, chatId, SOCKETS, (payload) => {
    const { expected } = audience;
    if (!expected || !payload.includes(expected.marker)) return;
    if (++expected.arrived === SOCKETS) expected.done();
  });
  return audience;
}

async function chatOf(system: System): Promise<number> {
  if (system.name === "bare-ws") return 1;
  await storeHistory(system, texts(1, FIRST_PHONE, 1).messages);
  // socket.io's peer has no route for the list; its first chat is the only one.
  return system.name === "socket-io" ? 1 : ((await chatIds(system)).get(customerPhone(0)) ?? 0);
}

/** Throws unless every socket gets every event. */
async function measureRound(audience: Audience, events: number): Promise<Round> {
  const { webhooks } = textWebhooks(events, FIRST_PHONE, 1);
  const lastMs: number[] = [];
  const connection = await openConnection(audience.system.port);
  for (const { wamid, request } of webhooks) {
    let done = () => {};
    const all = new Promise<void>((resolve) => {
      done = resolve;
    });
    audience.expected = { marker: wamid, arrived: 0, done };
    const startedAtMs = performance.now();
    const answer = connection.ask(request);
    const limit = sleep(ARRIVAL_LIMIT_MS, "late", { ref: false });
    if ((await Promise.race([all, limit])) === "late") {
      const { arrived } = audience.expected;
      throw new Error(`${audience.system.name} gave an event to ${arrived} of ${SOCKETS} sockets.`);
    }
    lastMs.push(performance.now() - startedAtMs);
    await answer;
    await sleep(PAUSE_MS);
  }
  connection.close();
  return { lastMs: median(lastMs) };
}
