import type { Resume, ResumeCounts } from "./protocol.ts";

const REMEMBERED_SEQS = 10_000;

const noResumes: ResumeCounts = { current: 0, replay: 0, reset: 0 };

/** When events were first sent to an open socket. */
export type PublishTime = { seq: number; atMs: number };

/** Collects when events were first sent to a socket, for the trace of a message, and writes that in batches. */
export class PublishTimes {
  readonly #write: (times: PublishTime[]) => Promise<void>;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #atMs = new Map<number, number>();
  /** Clients that are sent the same replay must not cause the same write each second. */
  readonly #written = new Set<number>();
  #isWaiting = false;

  constructor(write: (times: PublishTime[]) => Promise<void>, wait: (ms: number) => Promise<void>) {
    this.#write = write;
    this.#wait = wait;
  }

  /** Resolves when the batch is written or lost. Never rejects. */
  async add(seqs: Iterable<number>, nowMs: number): Promise<void> {
    for (const seq of seqs) if (!this.#atMs.has(seq) && !this.#written.has(seq)) this.#atMs.set(seq, nowMs);
    if (this.#isWaiting || this.#atMs.size === 0) return;
    this.#isWaiting = true;
    await this.#wait(WRITE_DELAY_MS);
    this.#isWaiting = false;
    const times = [...this.#atMs].map(([seq, atMs]) => ({ seq, atMs }));
    this.#atMs.clear();
    if (this.#written.size > REMEMBERED_SEQS) this.#written.clear();
    for (const { seq } of times) this.#written.add(seq);
    // A lost write costs one line of a trace.
    await this.#write(times).catch(() => undefined);
  }
}

/** Counts how a room's clients resumed, and reports the counts in batches. */
export class ResumeCounter {
  readonly #report: (organizationId: number, counts: ResumeCounts) => Promise<void>;
  readonly #wait: (ms: number) => Promise<void>;
  #counts = noResumes;

  constructor(
    report: (organizationId: number, counts: ResumeCounts) => Promise<void>,
    wait: (ms: number) => Promise<void>,
  ) {
    this.#report = report;
    this.#wait = wait;
  }

  /** Resolves when the batch is reported or lost. Never rejects. */
  async add(organizationId: number, resume: Resume): Promise<void> {
    const isFirst = this.#counts === noResumes;
    this.#counts = { ...this.#counts, [resume]: this.#counts[resume] + 1 };
    if (!isFirst) return;
    await this.#wait(WRITE_DELAY_MS);
    const counts = this.#counts;
    this.#counts = noResumes;
    await this.#report(organizationId, counts).catch(() => undefined);
  }
}

/** How often clients resumed in each way, in the object's storage: its memory does not survive hibernation. */
export class ResumeTotals {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec("CREATE TABLE IF NOT EXISTS resumes (resume TEXT PRIMARY KEY, count INTEGER NOT NULL)");
  }

  add(counts: ResumeCounts): void {
    for (const [resume, count] of Object.entries(counts)) {
      if (count === 0) continue;
      this.#sql.exec(
        "INSERT INTO resumes VALUES (?, ?) ON CONFLICT (resume) DO UPDATE SET count = count + excluded.count",
        resume,
        count,
      );
    }
  }

  all(): ResumeCounts {
    const counts: ResumeCounts = { current: 0, replay: 0, reset: 0 };
    const rows = this.#sql.exec<{ resume: Resume; count: number }>("SELECT resume, count FROM resumes");
    for (const { resume, count } of rows) counts[resume] = count;
    return counts;
  }
}
