import type { Db } from "../../../src/db/client.ts";
import { findCallTargets } from "./call-targets.ts";
import type { Allowance } from "./plan-problems.ts";
import { readingCalls } from "./reading-calls.ts";
import type { Seeded } from "./seed-shape.ts";
import { writingCalls } from "./writing-calls.ts";

/** A call of the application to its database. */
export type Call = {
  name: string;
  /** Returns the number of rows that came back, or of events that were stored. */
  run: (db: Db) => Promise<number>;
  allows: Omit<Allowance, "rows">;
};

/** Every kind of frequent call, with the arguments that are hardest for it. */
export async function applicationCalls(seeded: Seeded, url: string): Promise<Call[]> {
  const targets = await findCallTargets(url, seeded);
  return [...readingCalls(seeded, targets), ...writingCalls(seeded, targets)];
}
