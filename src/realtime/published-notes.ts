/** Writes down at most so often: it is for people who look at a message's trace, and nobody waits for it. */
const NOTE_AFTER_MS = 1_000;
const REMEMBERED = 10_000;

/** When events were first handed to an open socket; by number, in milliseconds. */
export type Published = { seq: number; atMs: number }[];

/** Gathers when events were first handed to a socket, and has that written down once in a while. */
export class PublishedNotes {
  readonly #write: (published: Published) => Promise<void>;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #atMs = new Map<number, number>();
  /** A storm of clients that are sent the same replay must not have it written down again each second. */
  readonly #written = new Set<number>();
  #isWaiting = false;

  constructor(write: (published: Published) => Promise<void>, wait: (ms: number) => Promise<void>) {
    this.#write = write;
    this.#wait = wait;
  }

  /** Resolves when all is written down, or is not going to be. Never fails. */
  async add(seqs: Iterable<number>, nowMs: number): Promise<void> {
    for (const seq of seqs) if (!this.#atMs.has(seq) && !this.#written.has(seq)) this.#atMs.set(seq, nowMs);
    if (this.#isWaiting || this.#atMs.size === 0) return;
    this.#isWaiting = true;
    await this.#wait(NOTE_AFTER_MS);
    this.#isWaiting = false;
    const published = [...this.#atMs].map(([seq, atMs]) => ({ seq, atMs }));
    this.#atMs.clear();
    if (this.#written.size > REMEMBERED) this.#written.clear();
    for (const { seq } of published) this.#written.add(seq);
    // What is lost is a line of a trace.
    await this.#write(published).catch(() => undefined);
  }
}
