import { type ChatClientFrame, closeCodes, type InboxClientFrame } from "./protocol.ts";
import type { SocketState, Sockets } from "./sockets.ts";

/** Ten times what any client frame needs. */
const FRAME_LIMIT_CHARS = 4_096;

/** A well-behaved client sends a frame every few seconds. A budget refills within five seconds, before a room hibernates. */
const BURST = 100;
const REFILL_PER_SECOND = 20;
/** Frames beyond the budget are ignored up to this many; then the socket is closed. */
const OVERDRAFT_LIMIT = 100;
/** A `sync` costs a database read and may resend hundreds of events. */
const SYNC_COST = 10;

type ClientFrame = ChatClientFrame | InboxClientFrame;

/** How many frames a client may still send, at a moment. Negative when it has sent too many. */
export type FrameBudget = { left: number; atMs: number };

export type Verdict = "accept" | "ignore" | "close";

/** Reads what clients send, within limits. Budgets are lost in hibernation: by then all of them are full again. */
export class ClientFrames<State extends SocketState, Frame extends ClientFrame> {
  readonly #sockets: Sockets<State>;
  readonly #parse: (text: string) => Frame | null;
  readonly #budgets = new WeakMap<WebSocket, FrameBudget>();

  /** `parse`: null for anything that is not a frame of these clients. */
  constructor(sockets: Sockets<State>, parse: (text: string) => Frame | null) {
    this.#sockets = sockets;
    this.#parse = parse;
  }

  /**
   * Returns a frame to act on, or null. An `ack` is recorded, and returned when it acknowledges something new. Closes the
   * socket when the frame is too large, too frequent or not part of this protocol.
   */
  receive(socket: WebSocket, raw: string | ArrayBuffer): Frame | null {
    // Frames that were under way when we closed the socket still arrive.
    if (socket.readyState !== WebSocket.OPEN) return null;
    const size = typeof raw === "string" ? raw.length : raw.byteLength;
    if (size > FRAME_LIMIT_CHARS) return this.#close(socket, closeCodes.tooLarge, "the frame is too large");
    const frame = typeof raw === "string" ? this.#parse(raw) : null;
    if (!frame) return this.#close(socket, closeCodes.reloadPage, "not a frame of this protocol");
    // Free, and never ignored: there are no more of those than frames we have sent.
    const isNewAck = frame.type === "ack" && this.#sockets.acknowledge(socket, frame.seq);
    switch (this.#spend(socket, costOf(frame, isNewAck))) {
      case "close":
        return this.#close(socket, closeCodes.tooManyFrames, "too many frames");
      case "ignore":
        return null;
      case "accept":
        return frame.type !== "ack" || isNewAck ? frame : null;
    }
  }

  #spend(socket: WebSocket, cost: number): Verdict {
    const nowMs = Date.now();
    const { budget, verdict } = spend(this.#budgets.get(socket) ?? fullBudget(nowMs), cost, nowMs);
    this.#budgets.set(socket, budget);
    return verdict;
  }

  #close(socket: WebSocket, code: number, reason: string): null {
    socket.close(code, reason);
    return null;
  }
}

/** @internal */
export function fullBudget(nowMs: number): FrameBudget {
  return { left: BURST, atMs: nowMs };
}

/**
 * Charges a frame to a budget, after refilling it up to `nowMs`.
 * @internal
 */
export function spend(
  { left, atMs }: FrameBudget,
  cost: number,
  nowMs: number,
): { budget: FrameBudget; verdict: Verdict } {
  const refilled = Math.min(BURST, left + (Math.max(0, nowMs - atMs) * REFILL_PER_SECOND) / 1_000);
  const budget = { left: refilled - cost, atMs: nowMs };
  if (budget.left >= 0) return { budget, verdict: "accept" };
  return { budget, verdict: budget.left >= -OVERDRAFT_LIMIT ? "ignore" : "close" };
}

/**
 * An `ack` that acknowledges something new is free: there are never more of those than frames we have sent, and a client
 * may acknowledge each frame of a long replay.
 * @internal
 */
export function costOf(frame: ClientFrame, isNewAck: boolean): number {
  if (frame.type === "ack" && isNewAck) return 0;
  return frame.type === "sync" ? SYNC_COST : 1;
}
