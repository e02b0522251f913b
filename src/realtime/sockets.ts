import {
  acknowledge,
  type EncodedFrame,
  hasRoom,
  isFull,
  recordSent,
  rewind,
  type SendWindow,
} from "./backpressure.ts";
import { PausedSockets } from "./paused-sockets.ts";
import { closeCodes } from "./protocol.ts";

declare global {
  /**
   * Milliseconds for which rooms and hubs gather what they remember of their sockets and count of their clients: a storm of
   * clients must not become a storm of writes, and no client waits for them. Far less than the ten seconds after which an
   * idle object hibernates. Set in wrangler.toml.
   */
  const WRITE_DELAY_MS: number;
}

/** A page that opens sockets in a loop must not fill an object, which takes 32,768 of them. */
const SOCKETS_PER_AGENT = 100;
/** A browser runs the timers of a hidden page about once a minute: two heartbeats may be lost. */
const SILENCE_LIMIT_MS = 150_000;

export type Caller = { agentId: number; name: string; tokenExpiresAtMs: number };

/** What an object knows of each of its sockets. Survives hibernation as the socket's attachment (16,384 bytes at most). */
export type SocketState = Caller & SendWindow;

/** The agent has `SOCKETS_PER_AGENT` sockets in this object already. */
export class TooManySockets extends Error {}

/**
 * An object's hibernating sockets and the state of each. Hibernation empties memory and keeps the attachments. The caller is
 * saved in the same turn; the send window a moment later, for all sockets at once, by a timer that keeps the object from
 * hibernating until then. Should a saved window be out of date all the same, the client gets events twice and drops them by
 * their numbers.
 */
export class Sockets<State extends SocketState> {
  readonly #ctx: DurableObjectState;
  /** Null until first used: waking up must not cost a read of all attachments. */
  #states: Map<WebSocket, State> | null = null;
  /** Sockets whose attachment is older than their state. */
  readonly #unsaved = new Set<WebSocket>();
  readonly #paused = new PausedSockets(
    (socket) => hasRoom(this.stateOf(socket)),
    (socket) => {
      if (isOpen(socket)) socket.close(closeCodes.tooSlow, "too many unacknowledged frames");
    },
  );
  /** Sockets that were paused and do not have all events yet. */
  readonly #delayed = new WeakSet<WebSocket>();
  /** A lower bound of all token expiries; null when unknown. */
  #earliestExpiryMs: number | null = null;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /** Accepts a new socket. Throws `TooManySockets`. */
  accept(state: State): { server: WebSocket; client: WebSocket } {
    const tag = String(state.agentId);
    const others = this.#ctx.getWebSockets(tag).filter(isOpen);
    if (others.length >= SOCKETS_PER_AGENT) throw new TooManySockets();
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server, [tag]);
    this.setState(server, state);
    if (this.#earliestExpiryMs !== null) {
      this.#earliestExpiryMs = Math.min(this.#earliestExpiryMs, state.tokenExpiresAtMs);
    }
    return { server, client };
  }

  /** All open sockets, without the one that is leaving. */
  listOpen(leaving?: WebSocket): WebSocket[] {
    const open: WebSocket[] = [];
    for (const socket of this.#all().keys()) if (socket !== leaving && isOpen(socket)) open.push(socket);
    return open;
  }

  hasOpen(): boolean {
    for (const socket of this.#all().keys()) if (isOpen(socket)) return true;
    return false;
  }

  /** The number that every open socket has reached that may be sent to; infinite when there is none. */
  lowestReadySeq(): number {
    let lowest = Infinity;
    for (const socket of this.listOpen()) {
      if (!this.#paused.has(socket)) lowest = Math.min(lowest, this.stateOf(socket).lastSeq);
    }
    return lowest;
  }

  stateOf(socket: WebSocket): State {
    return this.#all().get(socket) ?? readAttachment(socket);
  }

  setState(socket: WebSocket, state: State): void {
    this.#all().set(socket, state);
    this.#unsaved.delete(socket);
    socket.serializeAttachment(state);
  }

  /**
   * Acknowledges the frames up to `seq`. Returns whether that was news. A client that reports fewer than it was sent may be
   * sent the rest again with `resendAfter`.
   */
  acknowledge(socket: WebSocket, seq: number): boolean {
    const state = this.stateOf(socket);
    const window = acknowledge(state, seq);
    if (window === state) return false;
    this.#setWindow(socket, window);
    this.#paused.noteProgress(socket);
    return true;
  }

  /** Everything after `seq` is sent again. */
  resendAfter(socket: WebSocket, seq: number): void {
    this.#setWindow(socket, rewind(this.stateOf(socket), seq));
  }

  /** Whether the client must acknowledge more before it is sent anything. */
  isWaiting(socket: WebSocket): boolean {
    return this.#paused.has(socket) || isFull(this.stateOf(socket));
  }

  /** Forgets a socket after its close or error event. */
  remove(socket: WebSocket): void {
    if (isOpen(socket)) {
      // An error does not always close it: read again from the runtime which sockets there are.
      this.#save();
      this.#states = null;
      return;
    }
    this.#all().delete(socket);
    this.#unsaved.delete(socket);
    this.#paused.delete(socket);
  }

  /** Sends text. Returns false when the socket is gone; its close event follows. */
  send(socket: WebSocket, text: string): boolean {
    try {
      socket.send(text);
      return true;
    } catch {
      return false;
    }
  }

  /** Whether the socket lacks events because it was paused, not because they were lost on the way. */
  isDelayed(socket: WebSocket): boolean {
    return this.#delayed.has(socket);
  }

  /** The socket has all events. */
  endDelay(socket: WebSocket): void {
    this.#delayed.delete(socket);
  }

  /**
   * Sends frames in order while `frameAt` has one for the next number and the client's window is not full. A client that then
   * acknowledges nothing for a while is closed. Returns the number of the last frame sent.
   */
  sendInOrder(socket: WebSocket, frameAt: (seq: number) => EncodedFrame | undefined): number {
    const state = this.stateOf(socket);
    const before = state.lastSeq;
    if (this.#paused.has(socket)) return before;
    while (!isFull(state)) {
      const frame = frameAt(state.lastSeq + 1);
      if (!frame || !this.send(socket, frame.text)) break;
      recordSent(state, frame.bytes);
    }
    if (state.lastSeq > before) this.#saveSoon(socket);
    if (isFull(state)) {
      this.#paused.add(socket);
      this.#delayed.add(socket);
    }
    return state.lastSeq;
  }

  broadcast(frame: object, except?: WebSocket): void {
    const text = JSON.stringify(frame);
    for (const socket of this.listOpen(except)) this.send(socket, text);
  }

  closeExpired(nowMs: number): void {
    this.#earliestExpiryMs = null;
    for (const socket of this.listOpen()) {
      if (this.stateOf(socket).tokenExpiresAtMs <= nowMs)
        socket.close(closeCodes.signInAgain, "the token has expired");
    }
  }

  /** Closes sockets whose heartbeats have stopped: a client that vanished causes no close event. One that never sent any stays. */
  closeSilent(nowMs: number): void {
    for (const socket of this.listOpen()) {
      const lastMs = this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? nowMs;
      if (nowMs - lastMs > SILENCE_LIMIT_MS) socket.close(closeCodes.restart, "no heartbeat");
    }
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.listOpen()) socket.close(code, reason);
  }

  /** No token expires before this; null when no socket is open. */
  earliestExpiryMs(): number | null {
    if (!this.hasOpen()) return null;
    if (this.#earliestExpiryMs === null) {
      const expiries = this.listOpen().map((socket) => this.stateOf(socket).tokenExpiresAtMs);
      this.#earliestExpiryMs = Math.min(...expiries);
    }
    return this.#earliestExpiryMs;
  }

  #setWindow(socket: WebSocket, window: SendWindow): void {
    Object.assign(this.stateOf(socket), window);
    this.#saveSoon(socket);
  }

  #all(): Map<WebSocket, State> {
    this.#states ??= new Map(this.#ctx.getWebSockets().map((socket) => [socket, readAttachment(socket)]));
    return this.#states;
  }

  #saveSoon(socket: WebSocket): void {
    const isFirst = this.#unsaved.size === 0;
    this.#unsaved.add(socket);
    if (isFirst) setTimeout(() => this.#save(), WRITE_DELAY_MS);
  }

  #save(): void {
    for (const socket of this.#unsaved) if (isOpen(socket)) socket.serializeAttachment(this.stateOf(socket));
    this.#unsaved.clear();
  }
}

/** `setState` wrote it in the turn that accepted the socket. */
function readAttachment<State>(socket: WebSocket): State {
  return socket.deserializeAttachment() as State;
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.OPEN;
}

/** Answers a client's close. 1005 and 1006 mean that no close frame came (RFC 6455 §7.4.1): there is nothing to answer. */
export function answerClose(socket: WebSocket, code: number): void {
  if (code !== 1005 && code !== 1006) socket.close(code);
}
