import type { Db } from "../../../src/db/client.ts";
import { ingest } from "../../../src/db/ingest.ts";
import type { InboundEvent } from "../../../src/domain/inbound-event.ts";
import type { Allowance } from "./plan-problems.ts";

/** A call of the application to its database. */
export type Call = {
  name: string;
  /** Returns the number of rows that came back, or of events that were stored. */
  run: (db: Db) => Promise<number>;
  allows: CallAllowance;
};

/** `onlyAnalysed`: how Postgres runs it without statistics, or by a plan for any values, does not matter. */
export type CallAllowance = Omit<Allowance, "rows"> & { onlyAnalysed?: true };

/** Kinds of outcomes by which a call says that it did what it was asked to do. */
const DONE = [
  ...["created", "claimed", "merged", "undone", "changed", "added", "saved", "discarded"],
  ...["repeated", "chat_moved_on"],
];

/** The rows that a call returns, and those it reads to know whether there are more. */
const READING = { perRow: 2, extra: 20 };
/** A call that reads a phone's unsettled messages, of which there are 200 here. */
export const QUEUE_ALLOWANCE = { perRow: 0, extra: 500 };
/** For each event a call looks up a few rows, locks and changes them, and returns what to publish. */
const WRITING = { perRow: 12, extra: 20 };

/** A call that returns rows. */
export function reading(
  name: string,
  run: (db: Db) => Promise<unknown>,
  allows: CallAllowance = READING,
): Call {
  return { name, run: async (db) => countOf(name, await run(db)), allows };
}

/** A call that changes something. */
export function writing(
  name: string,
  run: (db: Db) => Promise<unknown>,
  allows: CallAllowance = WRITING,
): Call {
  return reading(name, run, allows);
}

/** The storing of a batch of events. */
export function ingesting(name: string, events: () => InboundEvent[], allows: CallAllowance = WRITING): Call {
  return {
    name: `ingest, ${name}`,
    run: async (db) => {
      const batch = events();
      const { events: logged } = await ingest(db, batch);
      return Math.max(batch.length, logged.length);
    },
    allows,
  };
}

/** The length of an array, the number of events that were committed, a number as it is, none for null or false, else one. */
function countOf(name: string, result: unknown): number {
  if (typeof result === "number") return result;
  if (Array.isArray(result)) return result.length;
  if (typeof result !== "object" || result === null) return Number(Boolean(result));
  const { kind, committed, events } = result as { kind?: string; committed?: unknown; events?: unknown };
  if (kind !== undefined && !DONE.includes(kind)) throw new Error(`${name} was refused: ${kind}`);
  return committed ? countOf(name, committed) : Array.isArray(events) ? events.length : 1;
}
