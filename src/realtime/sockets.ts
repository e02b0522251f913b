import { isTransient } from "../db/client.ts";
import { addSent, isTooSlow, type Numbered, type Sent } from "./backpressure.ts";
import { closeCodes } from "./protocol.ts";

/** A page that opens its sockets again and again must not fill an object: it has room for 32,768. */
const SOCKETS_PER_AGENT = 100;
/** A browser lets a hidden page speak about once a minute: two of its heartbeats may be lost. */
const SILENCE_LIMIT_MS = 150_000;
/** Far less than the ten seconds after which an idle object hibernates. */
const SAVE_AFTER_MS = 1_000;

export type Caller = { agentId: number; name: string; tokenExpiresAtMs: number };

/** What is known of every socket, whatever it shows. Kept through hibernation (16,384 bytes at most). */
export type Known = Caller & Sent;

/** The agent has as many sockets in this object as anybody needs. */
class TooManySockets extends Error {}

/**
 * An object's hibernating sockets and what is known of each. Hibernation empties memory and keeps the attachments. Who a
 * socket is for is written there in the turn in which it changes; what was sent to it, a moment later and for all sockets at
 * once. The timer of that keeps the object from hibernating before it is done. Were an attachment to lag all the same, the
 * client would be sent again what it drops by its number.
 */
export class Sockets<Attachment extends Known> {
  readonly #state: DurableObjectState;
  /** Null until somebody asks: to wake up must not cost a read of all attachments. */
  #known: Map<WebSocket, Attachment> | null = null;
  /** Whose attachment is older than what is known. */
  readonly #unsaved = new Set<WebSocket>();
  /** No token ends before; null when that is not known. */
  #noExpiryBeforeMs: number | null = null;

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
    if (this.#noExpiryBeforeMs !== null) {
      this.#noExpiryBeforeMs = Math.min(this.#noExpiryBeforeMs, attachment.tokenExpiresAtMs);
    }
    return { ours, theirs };
  }

  /** Those that are open, less one that is on its way out. */
  open(leaving?: WebSocket): WebSocket[] {
    const open: WebSocket[] = [];
    for (const socket of this.#all().keys()) if (socket !== leaving && isOpen(socket)) open.push(socket);
    return open;
  }

  hasOpen(): boolean {
    for (const socket of this.#all().keys()) if (isOpen(socket)) return true;
    return false;
  }

  of(socket: WebSocket): Attachment {
    return this.#all().get(socket) ?? storedOf(socket);
  }

  set(socket: WebSocket, attachment: Attachment): void {
    this.#all().set(socket, attachment);
    this.#unsaved.delete(socket);
    socket.serializeAttachment(attachment);
  }

  /** Changes what was sent and acknowledged. */
  setSent(socket: WebSocket, sent: Sent): void {
    Object.assign(this.of(socket), sent);
    this.#saveSoon(socket);
  }

  /** After its close or its error: what is known of it is not needed any more. */
  forget(socket: WebSocket): void {
    if (isOpen(socket)) {
      // The runtime knows whether it still has it.
      this.#save();
      this.#known = null;
      return;
    }
    this.#all().delete(socket);
    this.#unsaved.delete(socket);
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
    const attachment = this.of(socket);
    const before = attachment.lastSeq;
    while (!isTooSlow(attachment)) {
      const frame = frameOf(attachment.lastSeq + 1);
      if (!frame || !this.send(socket, frame.text)) break;
      addSent(attachment, frame.bytes);
    }
    if (attachment.lastSeq > before) this.#saveSoon(socket);
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
    this.#noExpiryBeforeMs = null;
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

  /** No token runs out before; null when no socket is open. */
  nextExpiryMs(): number | null {
    if (!this.hasOpen()) return null;
    if (this.#noExpiryBeforeMs === null) {
      const ends = this.open().map((socket) => this.of(socket).tokenExpiresAtMs);
      this.#noExpiryBeforeMs = Math.min(...ends);
    }
    return this.#noExpiryBeforeMs;
  }

  #all(): Map<WebSocket, Attachment> {
    this.#known ??= new Map(this.#state.getWebSockets().map((socket) => [socket, storedOf(socket)]));
    return this.#known;
  }

  #saveSoon(socket: WebSocket): void {
    const isFirst = this.#unsaved.size === 0;
    this.#unsaved.add(socket);
    if (isFirst) setTimeout(() => this.#save(), SAVE_AFTER_MS);
  }

  #save(): void {
    for (const socket of this.#unsaved) if (isOpen(socket)) socket.serializeAttachment(this.of(socket));
    this.#unsaved.clear();
  }
}

/** Written by `set` in the turn that accepted the socket. */
function storedOf<Attachment>(socket: WebSocket): Attachment {
  return socket.deserializeAttachment() as Attachment;
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
    if (!isTransient(error)) throw error;
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
