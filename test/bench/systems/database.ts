import { join } from "node:path";

import { dataFolderOf, type PostgresServer, startPostgres } from "../../../src/local/postgres.ts";
import { stopOrphanedServer } from "../../../src/local/postgres-pid-file.ts";
import { withClient } from "../../../src/local/with-client.ts";
import { PHONES, SCRATCH } from "../settings.ts";
import { removeFolder } from "./folders.ts";

/**
 * Starts a new cluster configured as in production: every commit waits for the disk (fsync and synchronous_commit are on).
 * Stops and removes the cluster of a killed run; throws while another run of this checkout is in progress.
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

/** Runs SQL, possibly several statements, on a connection of its own. */
export async function runSql<Row extends object>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  return await withClient(url, async (client) => (await client.query<Row>(text, values)).rows);
}

/** Inserts `PHONES` for organization 1. The product and the peers name the column of Meta's id differently. */
export async function insertPhones(
  url: string,
  idColumn: "wabaPhoneNumberId" | "phoneNumberId",
): Promise<void> {
  const rows = PHONES.map(
    ({ id, phoneNumber, phoneNumberId }) =>
      `(${id}, 1, 'Number ${id}', '${phoneNumber}', '${phoneNumberId}', '123456789012345')`,
  );
  await runSql(
    url,
    `insert into "OrganizationPhone" (id, "organizationId", name, "phoneNumber", "${idColumn}", "wabaId")
     values ${rows.join(", ")}`,
  );
}
