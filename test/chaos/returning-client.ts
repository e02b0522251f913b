import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import WebSocket from "ws";
import { type ChatFrame, type Resume, SUBPROTOCOL } from "../../src/realtime/protocol.ts";
import { apply, type ClientState, loadBy } from "../support/client-state.ts";
import type { Agent } from "./agents.ts";
import type { Chance } from "./random.ts";

const FIRST_WINDOW_MS = 500;
const LONGEST_WINDOW_MS = 30_000;
const ACK_AFTER_MS = 1_000;

export type ReturningClient = {
  chatId: number;
  state: () => ClientState;
  /** Since when it has been open again; null while it is not. */
  openSinceMs: () => number | null;
  /** What it was told each time it connected. */
  resumes: Resume[];
  /** Why it was not let in, by HTTP status; 0: no answer. */
  refused: Map<number, number>;
  /** What must not happen: a gap, or an event that it had. */
  faults: string[];
  /** Its connection ends, as when the network goes. */
  drop: () => void;
  end: () => void;
};

/** A client that has a chat open and, whenever it loses its connection, waits as the protocol says and comes back with what it has. */
export function aReturningClient(
  url: string,
  agent: Agent,
  loaded: { chatId: number; state: ClientState },
  random: Chance,
): ReturningClient {
  const { chatId } = loaded;
  let { state } = loaded;
  let socket: WebSocket | null = null;
  let openSinceMs: number | null = null;
  let isEnding = false;
  const client: ReturningClient = {
    chatId,
    state: () => state,
    openSinceMs: () => openSinceMs,
    resumes: [],
    refused: new Map(),
    faults: [],
    drop: () => socket?.terminate(),
    end: () => {
      isEnding = true;
      socket?.terminate();
    },
  };

  const take = async (frame: ChatFrame) => {
    if (frame.type === "hello") {
      client.resumes.push(frame.resume);
      if (frame.resume === "reset") state = await loadBy(agent.get, chatId);
      openSinceMs = Date.now();
    } else if (frame.type === "event") {
      if (frame.seq <= state.seq && client.resumes.at(-1) !== "reset")
        client.faults.push(`event ${frame.seq} came twice`);
      state = apply(state, frame);
    }
  };

  /** Resolves when the connection has ended. */
  const connectOnce = async () => {
    const address = `${url.replace("http", "ws")}/chats/${chatId}/socket?since=${state.seq}&epoch=${state.epoch}`;
    const headers = { authorization: `Bearer ${agent.token}` };
    const opened = new WebSocket(address, SUBPROTOCOL, { headers, perMessageDeflate: false });
    socket = opened;
    let [taken, acked, isOver] = [Promise.resolve(), state.seq, false];
    opened.on("message", (data) => {
      taken = taken
        .then(() => (isOver ? undefined : take(JSON.parse(String(data)))))
        .catch((error: Error) => {
          isOver = true;
          client.faults.push(error.message);
          opened.terminate();
        });
    });
    const acknowledging = setInterval(() => {
      if (state.seq === acked || opened.readyState !== WebSocket.OPEN) return;
      acked = state.seq;
      opened.send(JSON.stringify({ type: "ack", seq: acked }));
    }, ACK_AFTER_MS);
    const ended = Promise.withResolvers<void>();
    const refusedWith = (status: number) => client.refused.set(status, (client.refused.get(status) ?? 0) + 1);
    opened.once("unexpected-response", (request, answer) => {
      refusedWith(answer.statusCode ?? 0);
      request.destroy();
      ended.resolve();
    });
    opened.once("error", () => {
      if (openSinceMs === null) refusedWith(0);
      ended.resolve();
    });
    opened.once("close", () => ended.resolve());
    await ended.promise;
    clearInterval(acknowledging);
    await taken;
    openSinceMs = null;
  };

  const run = async () => {
    for (let tries = 0; !isEnding; ) {
      const hellos = client.resumes.length;
      await connectOnce();
      tries = client.resumes.length > hellos ? 1 : tries + 1;
      const windowMs = Math.min(LONGEST_WINDOW_MS, FIRST_WINDOW_MS * 2 ** tries);
      if (!isEnding) await sleep(random.between(0, windowMs));
    }
  };

  void run();
  return client;
}

/** How a client's view differs from a fresh load; null: in nothing. */
export function differenceOf(state: ClientState, fresh: ClientState): string | null {
  if (state.seq !== fresh.seq) return `stands at ${state.seq}, the chat at ${fresh.seq}`;
  return isDeepStrictEqual(state, fresh) ? null : "shows something else than a fresh load";
}
