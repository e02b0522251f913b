import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PostgresServer } from "../../../src/local/postgres.ts";
import { settings } from "../settings.ts";
import { insertPhones, runSql } from "./database.ts";
import { startNodeProcess } from "./node-process.ts";
import type { System } from "./system.ts";

const PEERS = join(import.meta.dirname, "../peers");

/** Starts a peer by its file name in `peers/`, in its own Node process, with its own database. */
export async function startPeer(name: string, postgres: PostgresServer, graphUrl: string): Promise<System> {
  const database = name.replaceAll("-", "_");
  const databaseUrl = postgres.url(database);
  await postgres.createDatabase(database);
  await runSql(databaseUrl, await readFile(join(PEERS, "tables.sql"), "utf8"));
  await insertPhones(databaseUrl, "phoneNumberId");
  const { pid, port, stop } = await startNodeProcess(
    join(PEERS, `${name}.ts`),
    settings(databaseUrl, graphUrl),
  );
  return { name, port, databaseUrl, pid, stop };
}
