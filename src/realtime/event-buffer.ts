import type { CatchUp } from "../db/chat-events.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { type EncodedFrame, encodeFrame } from "./backpressure.ts";
import type { ChatFrame } from "./protocol.ts";
import type { SocketState, Sockets } from "./sockets.ts";

/**
 * What a room knows of its chat since it woke: the highest number it has heard of, and the encoded events that at least
 * one socket still needs.
 */
export class EventBuffer {
  readonly #frames = new Map<number, EncodedFrame>();
  #head = 0;
  #epoch: string | null = null;

  get head(): number {
    return this.#head;
  }

  add(head: number, events: ChatEvent[]): void {
    this.#head = Math.max(this.#head, head);
    for (const event of events) this.#frames.set(event.seq, encodeEvent(event));
  }

  addCatchUp(catchUp: CatchUp): void {
    this.#head = Math.max(this.#head, catchUp.head);
    for (const [seq, frame] of encodeCatchUp(catchUp)) this.#frames.set(seq, frame);
  }

  /** Clears the buffer when the epoch changes: after a restore of the database the same numbers mean other events. */
  setEpoch(epoch: string): void {
    if (this.#epoch !== null && this.#epoch !== epoch) {
      this.#frames.clear();
      this.#head = 0;
    }
    this.#epoch = epoch;
  }

  frameAt(seq: number): EncodedFrame | undefined {
    return this.#frames.get(seq);
  }

  dropUpTo(lastSeq: number): void {
    for (const seq of this.#frames.keys()) if (seq <= lastSeq) this.#frames.delete(seq);
  }
}

/** The numbers that were sent, and whether a socket still lacks events because there is a gap before them. */
export type Delivered = { seqs: Set<number>; isBehind: boolean };

/** Sends each socket the events that follow its last one, up to the first gap. Drops what every socket has. */
export function deliver<State extends SocketState>(sockets: Sockets<State>, buffer: EventBuffer): Delivered {
  const seqs = new Set<number>();
  let lowest = Number.POSITIVE_INFINITY;
  for (const socket of sockets.listOpen()) {
    const before = sockets.stateOf(socket).lastSeq;
    const last = sockets.sendInOrder(socket, (seq) => buffer.frameAt(seq));
    for (let seq = before + 1; seq <= last; seq += 1) seqs.add(seq);
    // `sendInOrder` may have closed it.
    if (last < lowest && socket.readyState === WebSocket.OPEN) lowest = last;
  }
  buffer.dropUpTo(lowest);
  return { seqs, isBehind: lowest < buffer.head };
}

const encodedCatchUps = new WeakMap<CatchUp, Map<number, EncodedFrame>>();

/** Encodes a catch-up, by number; the chat's row goes with the last event. Clients that share a read share the result. */
export function encodeCatchUp(catchUp: CatchUp): Map<number, EncodedFrame> {
  const encoded = encodedCatchUps.get(catchUp);
  if (encoded) return encoded;
  const { events, chat } = catchUp;
  const last = events.length - 1;
  const frames = new Map(
    events.map((event, i) => [event.seq, encodeEvent(i === last && chat ? { ...event, chat } : event)]),
  );
  encodedCatchUps.set(catchUp, frames);
  return frames;
}

function encodeEvent(event: ChatEvent): EncodedFrame {
  return encodeFrame({ type: "event", ...event } satisfies ChatFrame);
}
