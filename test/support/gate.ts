import { neonConfig } from "@neondatabase/serverless";
import { onTestFinished, vi } from "vitest";

export type Gate = {
  /** Resolves once a call waits at the gate. */
  reached: Promise<void>;
  /** How many calls have come to it so far. */
  calls: () => number;
  /** Lets through those that wait and all that follow. */
  open: () => void;
};

/** The fragments by which a statement is recognized: what a room reads, and its mark that somebody watches. */
export const CATCH_UP = "missed_events(";
export const MARK = `set "watchedUntil"`;

/**
 * Holds the Worker's calls to the database that contain `fragment`, or only the answers to them, so that a test decides
 * what happens meanwhile.
 */
export function aGate(fragment: string, holds: "call" | "answer" = "call"): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  let calls = 0;
  neonConfig.fetchFunction = async (address: string, init: RequestInit) => {
    const { query = "" } = JSON.parse(String(init.body));
    if (!String(query).includes(fragment)) return await fetch(address, init);
    calls += 1;
    const answer = holds === "answer" ? await fetch(address, init) : null;
    reached.resolve();
    await Promise.race([opened.promise, abortOf(init.signal)]);
    return answer ?? (await fetch(address, init));
  };
  return {
    reached: reached.promise,
    calls: () => calls,
    open: () => {
      neonConfig.fetchFunction = undefined;
      opened.resolve();
    },
  };
}

/** Begins what an object asks the database while it hangs at this gate, and has the time limit of that call pass at once. */
export async function passLimit<Answer>(gate: Gate, begin: () => Promise<Answer>): Promise<Answer> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const begun = begin();
  // The caller gets the error.
  begun.catch(() => undefined);
  await gate.reached;
  vi.runOnlyPendingTimers();
  vi.useRealTimers();
  return await begun;
}

/** How many of the Worker's calls to the database contain `fragment` from now on, until the test ends. */
export function countCalls(fragment: string): () => number {
  const call = neonConfig.fetchFunction ?? fetch;
  let calls = 0;
  neonConfig.fetchFunction = async (address: string, init: RequestInit) => {
    if (String(JSON.parse(String(init.body)).query).includes(fragment)) calls += 1;
    return await call(address, init);
  };
  onTestFinished(() => {
    neonConfig.fetchFunction = undefined;
  });
  return () => calls;
}

/** Calls to the database that contain `fragment` cannot be made, or are answered with a `sqlState`, until `end` is called. */
export function aRefusal(fragment: string, sqlState?: string): { calls: () => number; end: () => void } {
  let calls = 0;
  neonConfig.fetchFunction = async (address: string, init: RequestInit) => {
    if (!String(JSON.parse(String(init.body)).query).includes(fragment)) return await fetch(address, init);
    calls += 1;
    if (sqlState) return Response.json({ message: "refused", code: sqlState }, { status: 400 });
    throw new TypeError("connection refused");
  };
  return { calls: () => calls, end: () => (neonConfig.fetchFunction = undefined) };
}

/**
 * Has calls to the database that contain `fragment` fail, so many of them: before they are made, or only their answers; or
 * they hang until they are given up.
 */
export function loseCalls(
  fragment: string,
  times: number,
  what: "call" | "answer" | "hang",
): { lost: () => number } {
  let lost = 0;
  neonConfig.fetchFunction = async (address: string, init: RequestInit) => {
    const isMeant = String(init.body).includes(fragment) && lost < times;
    if (!isMeant) return await fetch(address, init);
    lost += 1;
    if (what === "answer") await (await fetch(address, init)).arrayBuffer();
    if (what === "hang") await abortOf(init.signal);
    throw new TypeError("the connection is gone");
  };
  onTestFinished(() => {
    neonConfig.fetchFunction = undefined;
  });
  return { lost: () => lost };
}

/** The database after a restore: what rooms read says another epoch, until `end` is called. */
export function aRestoredHistory(): { epoch: string; end: () => void } {
  const epoch = "restored";
  neonConfig.fetchFunction = async (address: string, init: RequestInit) => {
    const answer = await fetch(address, init);
    if (!String(init.body).includes(JSON.stringify(CATCH_UP).slice(1, -1))) return answer;
    const { fields, rows, ...rest } = await answer.json<{ fields: { name: string }[]; rows: string[][] }>();
    const at = fields.findIndex(({ name }) => name === "epoch");
    return Response.json({ ...rest, fields, rows: rows.map((row) => row.with(at, epoch)) });
  };
  return { epoch, end: () => (neonConfig.fetchFunction = undefined) };
}

/** Rejects when the caller gives up. */
export function abortOf(signal: AbortSignal | null | undefined): Promise<never> {
  const aborted = Promise.withResolvers<never>();
  signal?.addEventListener("abort", () => aborted.reject(signal.reason));
  return aborted.promise;
}
