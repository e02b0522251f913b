import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import WebSocket from "ws";
import { type ChatFrame, type Resume, SUBPROTOCOL } from "../../src/realtime/protocol.ts";
import { apply, type ClientState, loadBy } from "../support/client-state.ts";
import type { Agent } from "./agents.ts";
import type { Chance } from "./random.ts";

const RETRY_MS = 300;
const STAYS_MS = { least: 500, most: 6_000 };
/** How often a client comes with a state of another history, and must be reset. */
const FOREIGN_EPOCH = 0.03;
/** A client is told of what it missed within the minute; here it asks sooner. */
const SYNC_AFTER_MS = 3_000;
const REACH_LIMIT_MS = 20_000;
const POLL_MS = 100;

export type Watcher = {
  chatId: number;
  resumes: Record<Resume, number>;
  events: number;
  /** What must not happen: a gap, or an event twice on a socket that was not reset. */
  faults: string[];
  /** Stays connected from now on. Gives whether it had to ask, and how its view differs from a fresh load. */
  finish: () => Promise<{ asked: boolean; difference: string | null }>;
};

/** A client that has a chat open, loses its connection at random and resumes with what it has. */
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
    const { seq } = state;
    const epoch = happens(FOREIGN_EPOCH) ? "another" : state.epoch;
    const address = `${url.replace("http", "ws")}/chats/${chatId}/socket?since=${seq}&epoch=${epoch}`;
    const opened = new WebSocket(address, SUBPROTOCOL, {
      headers: { authorization: `Bearer ${agent.token}` },
    });
    socket = opened;
    let wasReset = false;
    const take = async (frame: ChatFrame) => {
      if (frame.type === "hello") {
        watcher.resumes[frame.resume] += 1;
        wasReset = frame.resume === "reset";
        if (wasReset) state = await loadBy(agent.get, chatId);
      } else if (frame.type === "event" && state) {
        watcher.events += 1;
        if (frame.seq <= state.seq && !wasReset) watcher.faults.push(`event ${frame.seq} came twice`);
        state = apply(state, frame);
        if (opened.readyState === WebSocket.OPEN)
          opened.send(JSON.stringify({ type: "ack", seq: state.seq }));
      }
    };
    const closed = new Promise<void>((resolve) => {
      opened.once("close", () => resolve());
      opened.once("error", () => resolve());
    });
    let taken: Promise<void> = Promise.resolve();
    let isOver = false;
    opened.on("message", (data) => {
      taken = taken
        // Without the load that a reset asks for, what came after it means nothing.
        .then(() => (isOver ? undefined : take(JSON.parse(String(data)))))
        .catch((error: Error) => {
          isOver = true;
          if (error.message.includes("a gap")) watcher.faults.push(error.message);
          opened.terminate();
        });
    });
    const staysMs = between(STAYS_MS.least, STAYS_MS.most);
    const leave = setTimeout(() => {
      if (isEnding) return;
      if (happens(0.5)) opened.terminate();
      else opened.close(1000);
    }, staysMs);
    await closed;
    clearTimeout(leave);
    await taken;
  };

  const run = async () => {
    while (!isClosing) {
      await connectOnce().catch(() => undefined);
      if (!isClosing) await sleep(RETRY_MS);
    }
  };

  const compare = async () => {
    const fresh = await loadBy(agent.get, chatId);
    let asked = false;
    for (let waited = 0; waited < REACH_LIMIT_MS && (state?.seq ?? -1) < fresh.seq; waited += POLL_MS) {
      await sleep(POLL_MS);
      if (waited % SYNC_AFTER_MS !== SYNC_AFTER_MS - POLL_MS || socket?.readyState !== WebSocket.OPEN)
        continue;
      asked = true;
      socket.send(JSON.stringify({ type: "sync", seq: state?.seq ?? 0 }));
    }
    const again = await loadBy(agent.get, chatId);
    return { asked, difference: differenceOf(state, again) };
  };

  const running = run();
  return watcher;
}

function differenceOf(state: ClientState | null, fresh: ClientState): string | null {
  if (!state) return "the client never loaded";
  if (state.seq !== fresh.seq) return `it stands at ${state.seq}, the chat at ${fresh.seq}`;
  for (const [i, message] of fresh.messages.entries()) {
    if (isDeepStrictEqual(state.messages[i], message)) continue;
    return `message ${message.id}: ${JSON.stringify(state.messages[i])} is ${JSON.stringify(message)}`;
  }
  if (isDeepStrictEqual(state, fresh)) return null;
  return `chat: ${JSON.stringify(state.chat)} is ${JSON.stringify(fresh.chat)}`;
}
