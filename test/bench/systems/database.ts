import { join } from "node:path";
import pg from "pg";
import { dataFolderOf, type PostgresServer, startPostgres } from "../../../src/local/postgres.ts";
import { stopOrphanedServer } from "../../../src/local/postgres-pid-file.ts";
import { SCRATCH } from "../settings.ts";
import { removeFolder } from "./folders.ts";

/**
 * A new cluster as a production one is: every commit waits for the disk (fsync and synchronous_commit are on). What a
 * killed run has left behind is ended and removed; throws while another run of this checkout goes on.
 */
export async function startCluster(): Promise<PostgresServer> {
  const dataDir = join(SCRATCH, "postgres");
  const folder = await dataFolderOf(dataDir);
  await stopOrphanedServer(folder);
  await removeFolder(folder);
  const postgres = await startPostgres({ dataDir, port: 0 });
  return {
    ...postgres,
    stop: async () => {
      await postgres.stop();
      await removeFolder(postgres.dataDir);
    },
  };
}

/** Runs one text, which may hold several statements, on a connection of its own. */
export async function runSql<Row extends object>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
