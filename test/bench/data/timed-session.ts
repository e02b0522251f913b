import { readFile } from "node:fs/promises";
import pg from "pg";
import type { Db } from "../../../src/db/client.ts";
import { directDb } from "./observed-db.ts";

/** What Postgres took for something: from asking to the answer; its own CPU; how long it was kept waiting for a core. */
export type Cost = { ms: number; cpuMs: number; waitedMs: number };

export type TimedSession = {
  /** For what is not measured. */
  client: pg.Client;
  cost(work: (db: Db, client: pg.Client) => Promise<unknown>): Promise<Cost>;
  close(): Promise<void>;
};

/** One connection whose statements are timed, and nothing else: what Node does before and between them is left out. */
export async function timedSession(url: string): Promise<TimedSession> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid ?? 0;

  let asked = 0;
  const query = client.query.bind(client) as (...values: unknown[]) => Promise<unknown>;
  client.query = (async (...values: unknown[]) => {
    const start = performance.now();
    try {
      return await query(...values);
    } finally {
      asked += performance.now() - start;
    }
  }) as typeof client.query;
  const db = directDb(client);

  return {
    client,
    cost: async (work) => {
      asked = 0;
      const before = await scheduled(pid);
      await work(db, client);
      const after = await scheduled(pid);
      return { ms: asked, cpuMs: after.ran - before.ran, waitedMs: after.waited - before.waited };
    },
    close: () => client.end(),
  };
}

/** Since its start a process ran and waited for a core so long, in ms. Only Linux tells; elsewhere NaN. */
async function scheduled(pid: number): Promise<{ ran: number; waited: number }> {
  const text = await readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => "");
  const [ran = Number.NaN, waited = Number.NaN] = text.split(" ").map((part) => Number(part) / 1e6);
  return text ? { ran, waited } : { ran: Number.NaN, waited: Number.NaN };
}
