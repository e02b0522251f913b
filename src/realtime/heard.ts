import type { CatchUp } from "../db/chat-events.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { type Numbered, numbered } from "./backpressure.ts";
import type { ChatFrame } from "./protocol.ts";

/** What a room has heard of its chat since it woke: the newest number, and the frames that some socket still lacks. */
export class Heard {
  readonly #frames = new Map<number, Numbered>();
  #head = 0;
  #epoch: string | null = null;

  get head(): number {
    return this.#head;
  }

  add(head: number, events: ChatEvent[]): void {
    this.#head = Math.max(this.#head, head);
    for (const event of events) this.#frames.set(event.seq, frameOf(event));
  }

  addRead(read: CatchUp): void {
    this.#head = Math.max(this.#head, read.head);
    for (const [seq, frame] of framesOf(read)) this.#frames.set(seq, frame);
  }

  /** Forgets all of another history: after a restore of the database the same numbers mean other events. */
  keepOnly(epoch: string): void {
    if (this.#epoch !== null && this.#epoch !== epoch) {
      this.#frames.clear();
      this.#head = 0;
    }
    this.#epoch = epoch;
  }

  frameOf(seq: number): Numbered | undefined {
    return this.#frames.get(seq);
  }

  forgetUpTo(seq: number): void {
    for (const known of this.#frames.keys()) if (known <= seq) this.#frames.delete(known);
  }
}

const framesOfReads = new WeakMap<CatchUp, Map<number, Numbered>>();

/** The frames of what was read, by number; the chat's row goes with the last. Many clients may share a read: it is encoded once. */
export function framesOf(read: CatchUp): Map<number, Numbered> {
  const made = framesOfReads.get(read);
  if (made) return made;
  const { events, chat } = read;
  const last = events.length - 1;
  const frames = new Map(
    events.map((event, i) => [event.seq, frameOf(i === last && chat ? { ...event, chat } : event)]),
  );
  framesOfReads.set(read, frames);
  return frames;
}

function frameOf(event: ChatEvent): Numbered {
  return numbered({ type: "event", ...event } satisfies ChatFrame);
}
