import { rm } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { startNeonEndpoint } from "../../src/local/neon-endpoint.ts";
import { startPostgres } from "../../src/local/postgres.ts";
import { copyCluster } from "./copy-cluster.ts";
import { newFolder } from "./temporary-folder.ts";
import { neonConfig } from "./unmodified-driver.ts";

/** A Postgres for one test file with the migrated database of the run, removed by `close`. */
export async function startOwnPostgres() {
  const folder = await newFolder();
  const dataDir = join(folder, "pg");
  await copyCluster(inject("clusterDir"), dataDir);
  const postgres = await startPostgres({ dataDir, port: 0, fast: true });
  return {
    ...postgres,
    async close() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type OwnPostgres = Awaited<ReturnType<typeof startOwnPostgres>>;

/** A Neon endpoint in front of an empty database, which the driver is configured to use. */
export async function startOwnNeonEndpoint() {
  const postgres = await startOwnPostgres();
  await postgres.createDatabase("empty");
  const endpoint = await startNeonEndpoint({ port: 0, postgresPort: postgres.port, maxConnections: 4 });
  neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`;
  neonConfig.wsProxy = (host, port) => `${host}:${port}/v2`;
  neonConfig.useSecureWebSocket = false;
  return {
    postgres,
    endpoint,
    url: `postgres://postgres:any@127.0.0.1:${endpoint.port}/empty`,
    async close() {
      await endpoint.close();
      await postgres.close();
    },
  };
}

export type OwnNeonEndpoint = Awaited<ReturnType<typeof startOwnNeonEndpoint>>;
