import type { CatchUp } from "../db/chat-events.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { toFrameMessage } from "../domain/truncated-message.ts";
import { type EncodedFrame, encodeFrame } from "./backpressure.ts";
import type { ChatFrame } from "./protocol.ts";
import type { SocketState, Sockets } from "./sockets.ts";

const LIMIT_BYTES = 4_000_000;

/**
 * What a room knows of its chat since it woke: the highest number it has heard of, and the encoded events that at least
 * one socket still needs.
 */
export class EventBuffer {
  readonly #frames = new Map<number, EncodedFrame>();
  #bytes = 0;
  #head = 0;
  #epoch: string | null = null;

  get head(): number {
    return this.#head;
  }

  add(head: number, events: ChatEvent[]): void {
    this.#head = Math.max(this.#head, head);
    for (const event of events) this.#set(event.seq, encodeEvent(event));
  }

  addCatchUp(catchUp: CatchUp): void {
    this.#head = Math.max(this.#head, catchUp.head);
    for (const [seq, frame] of encodeCatchUp(catchUp)) this.#set(seq, frame);
  }

  /** Forgets everything when the epoch changes. */
  setEpoch(epoch: string): void {
    if (this.#epoch !== null && this.#epoch !== epoch) this.forget();
    this.#epoch = epoch;
  }

  /** After a restore of the database the same numbers mean other events. */
  forget(): void {
    this.#frames.clear();
    this.#bytes = 0;
    this.#head = 0;
  }

  frameAt(seq: number): EncodedFrame | undefined {
    return this.#frames.get(seq);
  }

  /** Whether it holds too much to wait for the acknowledgements of slow clients: they get their events from Postgres. */
  get isOverLimit(): boolean {
    return this.#bytes > LIMIT_BYTES;
  }

  dropUpTo(lastSeq: number): void {
    for (const [seq, { bytes }] of this.#frames) {
      if (seq > lastSeq) continue;
      this.#frames.delete(seq);
      this.#bytes -= bytes;
    }
  }

  #set(seq: number, frame: EncodedFrame): void {
    this.#bytes += frame.bytes - (this.#frames.get(seq)?.bytes ?? 0);
    this.#frames.set(seq, frame);
  }
}

/** The numbers that were sent, and whether a socket that may be sent to still lacks events because of a gap before them. */
export type Delivered = { seqs: Set<number>; isBehind: boolean };

/**
 * Sends each socket the events that follow its last one, up to the first gap or until its window is full. Drops what every
 * socket has.
 */
export function deliver<State extends SocketState>(sockets: Sockets<State>, buffer: EventBuffer): Delivered {
  const seqs = new Set<number>();
  let lowest = Number.POSITIVE_INFINITY;
  let lowestReady = Number.POSITIVE_INFINITY;
  for (const socket of sockets.listOpen()) {
    const before = sockets.stateOf(socket).lastSeq;
    const last = sockets.sendInOrder(socket, (seq) => buffer.frameAt(seq));
    for (let seq = before + 1; seq <= last; seq += 1) seqs.add(seq);
    if (last >= buffer.head) sockets.endDelay(socket);
    lowest = Math.min(lowest, last);
    if (!sockets.isWaiting(socket)) lowestReady = Math.min(lowestReady, last);
  }
  buffer.dropUpTo(buffer.isOverLimit ? lowestReady : lowest);
  return { seqs, isBehind: lowestReady < buffer.head };
}

const encodedCatchUps = new WeakMap<CatchUp, Map<number, EncodedFrame>>();

/** Encodes a catch-up, by number; the chat's row goes with its last event. Clients that share a read share the result. */
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

function encodeEvent({ message, ...event }: ChatEvent): EncodedFrame {
  return encodeFrame({
    type: "event",
    ...event,
    ...(message && { message: toFrameMessage(message) }),
  } satisfies ChatFrame);
}
