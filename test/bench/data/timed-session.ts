import { readFile } from "node:fs/promises";
import pg from "pg";
import type { Db } from "../../../src/db/client.ts";
import { directDb } from "./observed-db.ts";

/** The cost of a call in Postgres. */
export type Cost = {
  /** The response time of its statements. */
  ms: number;
  /** The CPU time of the backend. */
  cpuMs: number;
  /** How long the backend waited for a core. */
  waitedMs: number;
};

export type TimedSession = {
  /** For statements that are not measured. */
  client: pg.Client;
  measure(work: (db: Db, client: pg.Client) => Promise<unknown>): Promise<Cost>;
  close(): Promise<void>;
};

/** A connection that measures its statements only, without the time that Node spends before and between them. */
export async function timedSession(url: string): Promise<TimedSession> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid ?? 0;

  let queryMs = 0;
  const query = client.query.bind(client) as (...values: unknown[]) => Promise<unknown>;
  client.query = (async (...values: unknown[]) => {
    const start = performance.now();
    try {
      return await query(...values);
    } finally {
      queryMs += performance.now() - start;
    }
  }) as typeof client.query;
  const db = directDb(client);

  return {
    client,
    measure: async (work) => {
      queryMs = 0;
      const before = await scheduled(pid);
      await work(db, client);
      const after = await scheduled(pid);
      return { ms: queryMs, cpuMs: after.ran - before.ran, waitedMs: after.waited - before.waited };
    },
    close: () => client.end(),
  };
}

/** How long a process has run and waited for a core since its start, in ms. NaN where the system is not Linux. */
async function scheduled(pid: number): Promise<{ ran: number; waited: number }> {
  const text = await readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => "");
  const [ran = Number.NaN, waited = Number.NaN] = text.split(" ").map((part) => Number(part) / 1e6);
  return text ? { ran, waited } : { ran: Number.NaN, waited: Number.NaN };
}
