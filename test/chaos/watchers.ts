import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import type { ChatFrame, Resume } from "../../src/realtime/protocol.ts";
import { apply, type ClientState, loadBy } from "../support/client-state.ts";
import type { Agent } from "./agents.ts";
import { differenceOf, handleFrames, openChatSocket } from "./chat-socket.ts";
import type { Chance } from "./random.ts";

const RETRY_MS = 300;
const CONNECTION_MS = { min: 500, max: 6_000 };
/** How often a client connects with another epoch, and must be reset. */
const FOREIGN_EPOCH_PROBABILITY = 0.03;
/** A real client sends `sync` every 60 s. */
const SYNC_EVERY_MS = 3_000;
const CATCH_UP_TIMEOUT_MS = 20_000;
const POLL_MS = 100;
const MOST_LOADS = 5;

export type Watcher = {
  chatId: number;
  resumes: Record<Resume, number>;
  events: number;
  /** Violations of the protocol: a gap, or a repeated event on a socket that was not reset. */
  faults: string[];
  /** Stays connected from now on. Returns whether it had to send `sync`, and how its state differs from a fresh load. */
  finish: () => Promise<{ synced: boolean; difference: string | null }>;
};

/** A client of a chat that loses its connection at random times and resumes from its state. */
export function aWatcher(url: string, agent: Agent, chatId: number, { between, happens }: Chance): Watcher {
  let state: ClientState | null = null;
  let socket: WebSocket | null = null;
  let isEnding = false;
  let isClosing = false;
  const watcher: Watcher = {
    chatId,
    resumes: { current: 0, replay: 0, reset: 0 },
    events: 0,
    faults: [],
    finish: async () => {
      isEnding = true;
      const result = await compare();
      isClosing = true;
      socket?.terminate();
      await running;
      return result;
    },
  };

  const connectOnce = async () => {
    state ??= await loadBy(agent.get, chatId);
    const epoch = happens(FOREIGN_EPOCH_PROBABILITY) ? "another" : state.epoch;
    const opened = openChatSocket(url, agent, chatId, { seq: state.seq, epoch });
    socket = opened;
    let wasReset = false;
    const handle = async (frame: ChatFrame) => {
      if (frame.type === "hello") {
        watcher.resumes[frame.resume] += 1;
        wasReset = frame.resume === "reset";
        if (wasReset) state = await loadBy(agent.get, chatId);
      } else if (frame.type === "event" && state) {
        watcher.events += 1;
        if (frame.seq <= state.seq && !wasReset) watcher.faults.push(`got event ${frame.seq} twice`);
        state = apply(state, frame);
        if (opened.readyState === WebSocket.OPEN)
          opened.send(JSON.stringify({ type: "ack", seq: state.seq }));
      }
    };
    const closed = new Promise<void>((resolve) => {
      opened.once("close", () => resolve());
      opened.once("error", () => resolve());
    });
    const framesHandled = handleFrames(opened, handle, ({ message }) => {
      if (message.includes("a gap")) watcher.faults.push(message);
    });
    const disconnectTimer = setTimeout(
      () => {
        if (isEnding) return;
        if (happens(0.5)) opened.terminate();
        else opened.close(1000);
      },
      between(CONNECTION_MS.min, CONNECTION_MS.max),
    );
    await closed;
    clearTimeout(disconnectTimer);
    await framesHandled();
  };

  const run = async () => {
    while (!isClosing) {
      await connectOnce().catch(() => undefined);
      if (!isClosing) await sleep(RETRY_MS);
    }
  };

  const compare = async () => {
    const fresh = await loadBy(agent.get, chatId);
    const isBehind = () => (state?.seq ?? -1) < fresh.seq;
    let synced = false;
    for (let waitedMs = 0; waitedMs < CATCH_UP_TIMEOUT_MS && isBehind(); waitedMs += POLL_MS) {
      await sleep(POLL_MS);
      if (waitedMs % SYNC_EVERY_MS !== SYNC_EVERY_MS - POLL_MS || socket?.readyState !== WebSocket.OPEN)
        continue;
      synced = true;
      socket.send(JSON.stringify({ type: "sync", seq: state?.seq ?? 0 }));
    }
    let again = await loadBy(agent.get, chatId);
    // The schedule still ends what is unknown: the client may have an event that came after the load began.
    for (let loads = 1; loads < MOST_LOADS && (state?.seq ?? -1) > again.seq; loads++) {
      again = await loadBy(agent.get, chatId);
    }
    return { synced, difference: differenceOf(state, again) };
  };

  const running = run();
  return watcher;
}
