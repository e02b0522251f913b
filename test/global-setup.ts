import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "../src/local/migrate.ts";
import { startNeonEndpoint } from "../src/local/neon-endpoint.ts";
import { dataFolderOf, startPostgres } from "../src/local/postgres.ts";
import { startSimulator } from "../src/local/simulator/simulator.ts";
import type { SimulatedPhone } from "../src/local/simulator/world.ts";
import { withClient } from "../src/local/with-client.ts";
import { copyCluster } from "./local/copy-cluster.ts";
import { startKeyServer } from "./node/key-server.ts";
import { APP_SECRET } from "./support/bindings.ts";

const DATABASE = "tests";
/** Nobody connects to it: Postgres does not copy a database in use. Named as local mode names its own, for which it is copied, too. */
const MIGRATED = "waba";
/** More than a run makes. */
const NUMBERS = 6_000;

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated database through the Neon endpoint, for the Worker and its driver. */
    databaseUrl: string;
    /** The same database by Postgres's own protocol, for a client in Node. */
    postgresUrl: string;
    /** The name of a migrated database on the same server, which new ones are copied from. */
    migratedDatabase: string;
    /** The data of a stopped Postgres with the migrated database, for tests that start their own, see local/own-postgres.ts. */
    clusterDir: string;
    /** Where the Worker is built for the tests that run it as it is deployed, see node/own-system.ts. */
    bundlesDir: string;
    /** The simulator: the Graph API, and its controls under /simulator. */
    graphUrl: string;
    /** Where a test puts the keys of a sign-in, see node/key-server.ts. */
    keysUrl: string;
  }
}

/**
 * What every test of a run shares, started once, on free ports of this machine: Postgres with the newest migrations,
 * the Neon endpoint in front of it, and the simulator of Meta, which keeps its webhooks back. Files run side by side
 * on the one database, so each makes an organization of its own. Gives the function that ends all of it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: (() => unknown)[] = [];
  const end = async () => {
    for (const stop of started.splice(0).reverse()) await stop();
  };
  try {
    const clusterDir = await mkdtemp(join(tmpdir(), "waba-cluster-"));
    started.push(() => removeData(clusterDir));
    const stoppedCluster = await makeCluster(clusterDir);
    const dataDir = await mkdtemp(join(tmpdir(), "waba-test-"));
    started.push(() => removeData(dataDir));
    await copyCluster(stoppedCluster, await dataFolderOf(dataDir));
    const postgres = await startPostgres({ dataDir, port: 0, fast: true });
    started.push(() => postgres.stop());
    await withClient(postgres.url("postgres"), (client) =>
      client.query(`create database ${DATABASE} template ${MIGRATED}`),
    );

    const neon = await startNeonEndpoint({ port: 0, postgresPort: postgres.port });
    started.push(() => neon.close());
    const simulator = await startSimulator({
      port: 0,
      appSecret: APP_SECRET,
      webhookUrl: null,
      phones: numbers(),
    });
    started.push(() => simulator.close());
    const keys = await startKeyServer();
    started.push(() => keys.close());

    const bundlesDir = await mkdtemp(join(tmpdir(), "waba-bundles-"));
    started.push(() => rm(bundlesDir, { recursive: true, force: true }));

    project.provide("bundlesDir", bundlesDir);
    project.provide("clusterDir", stoppedCluster);
    project.provide("migratedDatabase", MIGRATED);
    project.provide("databaseUrl", `postgres://postgres:test@127.0.0.1:${neon.port}/${DATABASE}`);
    project.provide("postgresUrl", postgres.url(DATABASE));
    project.provide("graphUrl", simulator.url);
    project.provide("keysUrl", keys.url);
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}

/** A cluster with the migrated database; gives its folder once its server has stopped. */
async function makeCluster(dataDir: string): Promise<string> {
  const postgres = await startPostgres({ dataDir, port: 0, fast: true });
  try {
    await postgres.createDatabase(MIGRATED);
    await migrate(postgres.url(MIGRATED));
  } finally {
    await postgres.stop();
  }
  return postgres.dataDir;
}

/** The numbers that support/build.ts makes: their ids, and those of their accounts, follow from those of their rows. */
function numbers(): SimulatedPhone[] {
  return Array.from({ length: NUMBERS }, (_, id) => ({
    id: String(200_000_000_000_000 + id),
    wabaId: String(300_000_000_000_000 + id),
    displayPhoneNumber: "+7 900 123-45-67",
    verifiedName: "Tested",
  }));
}

/** Both the folder that was asked for and the one that Postgres could reach, also when making it was interrupted. */
async function removeData(dataDir: string): Promise<void> {
  for (const dir of new Set([await dataFolderOf(dataDir), dataDir])) {
    for (const path of [dir, `${dir}.new`]) await rm(path, { recursive: true, force: true });
  }
}
