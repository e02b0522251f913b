import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "../../../src/local/migrate.ts";
import { dataFolderOf, startPostgres } from "../../../src/local/postgres.ts";
import { runSql } from "../systems/database.ts";
import { seed } from "./seed.ts";
import type { Seeded } from "./seed-shape.ts";

export type FilledDatabase = Seeded & { url: string };

export type Cluster = {
  pid: number;
  /** Creates a migrated database with this number of messages, vacuumed and analysed by default. */
  filled(name: string, messages: number, options?: { analysed?: boolean }): Promise<FilledDatabase>;
};

/**
 * Runs `work` with a Postgres for it alone, which waits for the disk as a real one does and is removed afterwards. Autovacuum
 * is off, so that it cannot run during a measurement.
 */
export async function withCluster<Result>(work: (cluster: Cluster) => Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), "waba-bench-"));
  try {
    const postgres = await startPostgres({ dataDir, port: 0 });
    try {
      await runSql(postgres.url("postgres"), "alter system set autovacuum = off");
      // No checkpoint may run during a measurement.
      await runSql(postgres.url("postgres"), "alter system set max_wal_size = '16GB'");
      await runSql(postgres.url("postgres"), "alter system set checkpoint_timeout = '1h'");
      await runSql(postgres.url("postgres"), "select pg_reload_conf()");
      return await work({
        pid: postgres.pid,
        filled: async (name, messages, { analysed = true } = {}) => {
          await postgres.createDatabase(name);
          const url = postgres.url(name);
          await migrate(url);
          const seeded = await seed(url, messages);
          if (analysed) await runSql(url, "vacuum analyze");
          await runSql(url, "checkpoint");
          return { ...seeded, url };
        },
      });
    } finally {
      await postgres.stop();
    }
  } finally {
    // Root's Postgres may use another folder, see PostgresServer.dataDir.
    for (const dir of new Set([await dataFolderOf(dataDir), dataDir]))
      await rm(dir, { recursive: true, force: true });
  }
}
