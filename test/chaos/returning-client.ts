import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import type { ChatFrame, Resume } from "../../src/realtime/protocol.ts";
import { apply, type ClientState, loadBy } from "../support/client-state.ts";
import type { Agent } from "./agents.ts";
import { handleFrames, openChatSocket } from "./chat-socket.ts";
import type { Chance } from "./random.ts";

const BACKOFF_MIN_MS = 500;
const BACKOFF_MAX_MS = 30_000;
const ACK_EVERY_MS = 1_000;

export type ReturningClient = {
  chatId: number;
  state: () => ClientState;
  /** When the current connection opened, in unix milliseconds; null while there is none. */
  openSinceMs: () => number | null;
  /** The `resume` of each connection's `hello`. */
  resumes: Resume[];
  /** Counts failed connections by HTTP status; 0: no response. */
  refused: Map<number, number>;
  /** Violations of the protocol: a gap, or a repeated event. */
  faults: string[];
  /** Closes the connection, as a network failure does. */
  drop: () => void;
  stop: () => void;
};

/** A client of a chat that reconnects with the protocol's backoff and resumes from its state. */
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
  let isStopping = false;
  const client: ReturningClient = {
    chatId,
    state: () => state,
    openSinceMs: () => openSinceMs,
    resumes: [],
    refused: new Map(),
    faults: [],
    drop: () => socket?.terminate(),
    stop: () => {
      isStopping = true;
      socket?.terminate();
    },
  };

  const handle = async (frame: ChatFrame) => {
    if (frame.type === "hello") {
      client.resumes.push(frame.resume);
      if (frame.resume === "reset") state = await loadBy(agent.get, chatId);
      openSinceMs = Date.now();
    } else if (frame.type === "event") {
      if (frame.seq <= state.seq && client.resumes.at(-1) !== "reset")
        client.faults.push(`got event ${frame.seq} twice`);
      state = apply(state, frame);
    }
  };

  /** Resolves when the connection has closed. */
  const connectOnce = async () => {
    const opened = openChatSocket(url, agent, chatId, state, { perMessageDeflate: false });
    socket = opened;
    let ackedSeq = state.seq;
    const framesHandled = handleFrames(opened, handle, ({ message }) => client.faults.push(message));
    const ackTimer = setInterval(() => {
      if (state.seq === ackedSeq || opened.readyState !== WebSocket.OPEN) return;
      ackedSeq = state.seq;
      opened.send(JSON.stringify({ type: "ack", seq: ackedSeq }));
    }, ACK_EVERY_MS);
    const closed = Promise.withResolvers<void>();
    const countRefused = (status: number) =>
      client.refused.set(status, (client.refused.get(status) ?? 0) + 1);
    opened.once("unexpected-response", (request, response) => {
      countRefused(response.statusCode ?? 0);
      request.destroy();
      closed.resolve();
    });
    opened.once("error", () => {
      if (openSinceMs === null) countRefused(0);
      closed.resolve();
    });
    opened.once("close", () => closed.resolve());
    await closed.promise;
    clearInterval(ackTimer);
    await framesHandled();
    openSinceMs = null;
  };

  const run = async () => {
    for (let tries = 0; !isStopping; ) {
      const hellos = client.resumes.length;
      await connectOnce();
      tries = client.resumes.length > hellos ? 1 : tries + 1;
      const backoffMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** tries);
      if (!isStopping) await sleep(random.between(0, backoffMs));
    }
  };

  void run();
  return client;
}
