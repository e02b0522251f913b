import { isPassing } from "../db/client.ts";
import { afterSending, isTooSlow, type Numbered, type Sent } from "./backpressure.ts";
import { closeCodes } from "./protocol.ts";

/** A page that opens its sockets again and again must not fill an object: it has room for 32,768. */
const SOCKETS_PER_AGENT = 100;
/** A browser lets a hidden page speak about once a minute: two of its heartbeats may be lost. */
const SILENCE_LIMIT_MS = 150_000;

export type Caller = { agentId: number; name: string; tokenExpiresAtMs: number };

/** What is known of every socket, whatever it shows. Kept through hibernation (16,384 bytes at most). */
export type Known = Caller & Sent;

/** The agent has as many sockets in this object as anybody needs. */
class TooManySockets extends Error {}

/**
 * An object's hibernating sockets and what is known of each. Hibernation empties memory and keeps the attachments, so
 * whatever matters of a socket goes there in the turn in which it changes.
 */
export class Sockets<Attachment extends Known> {
  readonly #state: DurableObjectState;
  readonly #known = new WeakMap<WebSocket, Attachment>();

  constructor(state: DurableObjectState) {
    this.#state = state;
  }

  /** Takes a socket over from the Worker; gives the client's end of it. Throws `TooManySockets`. */
  accept(attachment: Attachment): { ours: WebSocket; theirs: WebSocket } {
    const tag = String(attachment.agentId);
    const others = this.#state.getWebSockets(tag).filter(isOpen);
    if (others.length >= SOCKETS_PER_AGENT) throw new TooManySockets();
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.#state.acceptWebSocket(ours, [tag]);
    this.set(ours, attachment);
    return { ours, theirs };
  }

  /** Those that are open, less one that is on its way out. */
  open(leaving?: WebSocket): WebSocket[] {
    return this.#state.getWebSockets().filter((socket) => socket !== leaving && isOpen(socket));
  }

  of(socket: WebSocket): Attachment {
    const known = this.#known.get(socket);
    if (known) return known;
    // Written by `set` in the turn that accepted the socket.
    const stored = socket.deserializeAttachment() as Attachment;
    this.#known.set(socket, stored);
    return stored;
  }

  set(socket: WebSocket, attachment: Attachment): void {
    this.#known.set(socket, attachment);
    socket.serializeAttachment(attachment);
  }

  /** Sends text; false when the socket is gone: then the runtime's close event is on its way. */
  send(socket: WebSocket, text: string): boolean {
    try {
      socket.send(text);
      return true;
    } catch {
      return false;
    }
  }

  /** Sends frame after frame while there is one of the next number, and cuts off who does not keep up. Gives the last number. */
  sendNumbered(socket: WebSocket, frameOf: (seq: number) => Numbered | undefined): number {
    const before = this.of(socket);
    let attachment = before;
    while (!isTooSlow(attachment)) {
      const frame = frameOf(attachment.lastSeq + 1);
      if (!frame || !this.send(socket, frame.text)) break;
      attachment = { ...attachment, ...afterSending(attachment, frame.bytes) };
    }
    if (attachment !== before) this.set(socket, attachment);
    if (isTooSlow(attachment)) socket.close(closeCodes.tooSlow, "too much was not acknowledged");
    return attachment.lastSeq;
  }

  /** Sends a frame to all but one. */
  broadcast(frame: object, except?: WebSocket): void {
    const text = JSON.stringify(frame);
    for (const socket of this.open(except)) this.send(socket, text);
  }

  /** Closes those whose token has run out. */
  closeExpired(nowMs: number): void {
    for (const socket of this.open()) {
      if (this.of(socket).tokenExpiresAtMs <= nowMs)
        socket.close(closeCodes.signInAgain, "the token has expired");
    }
  }

  /** Closes those whose client has sent heartbeats and stopped: its end is gone, and nothing will ever tell us. */
  closeSilent(nowMs: number): void {
    for (const socket of this.open()) {
      const lastMs = this.#state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? nowMs;
      if (nowMs - lastMs > SILENCE_LIMIT_MS) socket.close(closeCodes.restart, "no heartbeat");
    }
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.open()) socket.close(code, reason);
  }

  /** When the next token runs out; null when no socket is open. */
  nextExpiryMs(): number | null {
    const ends = this.open().map((socket) => this.of(socket).tokenExpiresAtMs);
    return ends.length > 0 ? Math.min(...ends) : null;
  }
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.OPEN;
}

/**
 * Says 503 when the database cannot be reached, 429 when there are too many sockets: thrown to the Worker, an error would
 * lose its class on the way.
 */
export async function orRefused(open: () => Promise<Response>): Promise<Response> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof TooManySockets) return new Response(null, { status: 429 });
    if (!isPassing(error)) throw error;
    return new Response(null, { status: 503 });
  }
}

/** Answers a client's close. 1005 and 1006 mean that no close frame came (RFC 6455 §7.4.1): there is no one to answer. */
export function answerClose(socket: WebSocket, code: number): void {
  if (code !== 1005 && code !== 1006) socket.close(code);
}

/** The object's side of an upgrade; names the subprotocol only to a client that offered it (RFC 6455 §4.2.2). */
export function switchProtocols(theirs: WebSocket, subprotocol: string | null): Response {
  const headers = new Headers(subprotocol ? { "sec-websocket-protocol": subprotocol } : {});
  return new Response(null, { status: 101, webSocket: theirs, headers });
}
