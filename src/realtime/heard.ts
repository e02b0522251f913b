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
    for (const event of events) {
      this.#frames.set(event.seq, numbered({ type: "event", ...event } satisfies ChatFrame));
    }
  }

  /** Adds what was read; the chat's row goes with the last event. */
  addRead({ head, events, chat }: CatchUp): void {
    const last = events.length - 1;
    this.add(
      head,
      events.map((event, i) => (i === last && chat ? { ...event, chat } : event)),
    );
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
