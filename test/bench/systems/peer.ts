import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PostgresServer } from "../../../src/local/postgres.ts";
import { PHONES, settings } from "../settings.ts";
import { runSql } from "./database.ts";
import { startNodeProcess } from "./node-process.ts";
import type { System } from "./system.ts";

const PEERS = join(import.meta.dirname, "../peers");

/** A rival of `peers/`, by its file's name, in a Node of its own and on a database of its own with the peers' tables. */
export async function startPeer(name: string, postgres: PostgresServer, graphUrl: string): Promise<System> {
  const database = name.replaceAll("-", "_");
  const databaseUrl = postgres.url(database);
  await postgres.createDatabase(database);
  await runSql(databaseUrl, await readFile(join(PEERS, "tables.sql"), "utf8"));
  await runSql(databaseUrl, seedPhones());
  const { pid, port, stop } = await startNodeProcess(
    join(PEERS, `${name}.ts`),
    settings(databaseUrl, graphUrl),
  );
  return { name, port, databaseUrl, pid, stop };
}

function seedPhones(): string {
  const rows = PHONES.map(
    ({ id, phoneNumber, phoneNumberId }) =>
      `(${id}, 1, 'Number ${id}', '${phoneNumber}', '${phoneNumberId}', '123456789012345')`,
  );
  return `insert into "OrganizationPhone" (id, "organizationId", name, "phoneNumber", "phoneNumberId", "wabaId")
    values ${rows.join(", ")}`;
}
