import type { Resume, ResumeCounts } from "./protocol.ts";

/** How often clients were told each outcome: kept in the object's storage, for its memory ends with every nap. */
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
