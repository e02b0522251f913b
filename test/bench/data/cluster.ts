import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "../../../src/local/migrate.ts";
import { dataFolderOf, startPostgres } from "../../../src/local/postgres.ts";
import { seed } from "./seed.ts";
import type { Seeded } from "./seed-shape.ts";

export type FilledDatabase = Seeded & { url: string };

export type Cluster = {
  pid: number;
  /** A migrated database with so many messages. Analysed and vacuumed, unless told not to. */
  filled(name: string, messages: number, options?: { analysed?: boolean }): Promise<FilledDatabase>;
};

/**
 * A Postgres of the workload's own, that waits for the disk as a real one does and is gone afterwards. Nothing is
 * vacuumed or analysed behind a measurement's back.
 */
export async function withCluster<Result>(work: (cluster: Cluster) => Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), "waba-bench-"));
  try {
    const postgres = await startPostgres({ dataDir, port: 0 });
    try {
      await query(postgres.url("postgres"), "alter system set autovacuum = off");
      // A checkpoint amid a measurement would be measured.
      await query(postgres.url("postgres"), "alter system set max_wal_size = '16GB'");
      await query(postgres.url("postgres"), "alter system set checkpoint_timeout = '1h'");
      await query(postgres.url("postgres"), "select pg_reload_conf()");
      return await work({
        pid: postgres.pid,
        filled: async (name, messages, { analysed = true } = {}) => {
          await postgres.createDatabase(name);
          const url = postgres.url(name);
          await migrate(url);
          const seeded = await seed(url, messages);
          await query(url, analysed ? "vacuum analyze" : "select");
          await query(url, "checkpoint");
          return { ...seeded, url };
        },
      });
    } finally {
      await postgres.stop();
    }
  } finally {
    // Root's Postgres may have its data elsewhere, see PostgresServer.dataDir.
    for (const dir of new Set([await dataFolderOf(dataDir), dataDir]))
      await rm(dir, { recursive: true, force: true });
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
