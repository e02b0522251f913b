import type { Resume, ResumeCounts } from "./protocol.ts";

/** A storm of clients must not become a storm of calls. */
const NOTE_AFTER_MS = 1_000;

const none: ResumeCounts = { current: 0, replay: 0, reset: 0 };

/** Counts what a room's clients are told when they connect, and has that added up elsewhere once in a while. */
export class ResumeNotes {
  readonly #write: (organizationId: number, counts: ResumeCounts) => Promise<void>;
  readonly #wait: (ms: number) => Promise<void>;
  #counts = none;

  constructor(
    write: (organizationId: number, counts: ResumeCounts) => Promise<void>,
    wait: (ms: number) => Promise<void>,
  ) {
    this.#write = write;
    this.#wait = wait;
  }

  /** Resolves when all is added up, or is not going to be. Never fails: what is lost is a count. */
  async add(organizationId: number, resume: Resume): Promise<void> {
    const isFirst = this.#counts === none;
    this.#counts = { ...this.#counts, [resume]: this.#counts[resume] + 1 };
    if (!isFirst) return;
    await this.#wait(NOTE_AFTER_MS);
    const counts = this.#counts;
    this.#counts = none;
    await this.#write(organizationId, counts).catch(() => undefined);
  }
}
