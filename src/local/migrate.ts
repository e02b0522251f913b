import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readMigrationFiles } from "drizzle-orm/migrator";
import pg from "pg";
import { applySqlFunctions, readSqlFunctions } from "./sql-functions.ts";

const MIGRATIONS = join(import.meta.dirname, "../../drizzle");

/** Any number that no other program locks in the same database: migrators wait for each other by it. */
const LOCK = 8_787_001;

/**
 * Brings a database to the newest migration of `drizzle/` and to the SQL functions of `src/db/functions`; one that is there
 * already stays as it is. Each run is one transaction. Two at once do not clash: the second waits, and then finds nothing to
 * do. Throws when the database holds migrations that are not those of `drizzle/`. Drizzle's own migrator compares only the
 * time of the newest (drizzle-orm 0.45), so that a changed or squashed migration would pass in silence.
 */
export async function migrate(url: string): Promise<void> {
  const functions = await readSqlFunctions();
  await withClient(url, async (client) => {
    // Held by the session and gone with it, whatever happens in between.
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query("begin");
    const migrated = await applyMigrations(client);
    const replaced = await applySqlFunctions(client, functions);
    await client.query("commit");
    if (migrated + replaced > 0) await analyze(client);
  });
}

/**
 * Fresh statistics for whatever holds rows: until autovacuum comes by, a new index or column has none. Never for an empty
 * table: it would be known to be empty, and plans made for that are kept by every connection while it fills. What was never
 * analysed counts as ten pages (`table_block_relation_estimate_size` in PostgreSQL's tableam.c).
 */
async function analyze(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0",
  );
  for (const { name } of rows) await client.query(`analyze ${name}`);
}

/** Applies what is missing, under the bookkeeping that Drizzle's tools read too. Gives how many it applied. */
async function applyMigrations(client: pg.Client): Promise<number> {
  await client.query(`create schema if not exists drizzle`);
  await client.query(`create table if not exists drizzle.__drizzle_migrations (
    id serial primary key, hash text not null, created_at bigint)`);
  const { rows: applied } = await client.query<{ hash: string }>(
    "select hash from drizzle.__drizzle_migrations order by id",
  );
  const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS });
  if (applied.some(({ hash }, i) => migrations[i]?.hash !== hash)) {
    throw new Error(
      "The database holds other migrations than drizzle/: it is of another version. In local mode npm run dev -- --fresh starts over.",
    );
  }
  const missing = migrations.slice(applied.length);
  for (const { sql, hash, folderMillis } of missing) {
    for (const statement of sql) await client.query(statement);
    await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [
      hash,
      folderMillis,
    ]);
  }
  return missing.length;
}

/**
 * Gives the database a new random name of its history and returns it: a step of restoring a backup, so that no
 * client goes on from events that the restored database has never had.
 */
export async function newEpoch(url: string): Promise<string> {
  const epoch = randomBytes(16).toString("hex");
  await withClient(url, async (client) => {
    await client.query(
      `insert into "Epoch" (id, epoch, "createdAt") values (1, $1, now())
       on conflict (id) do update set epoch = excluded.epoch, "createdAt" = excluded."createdAt"`,
      [epoch],
    );
  });
  return epoch;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: directUrl(url) });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Neon's pooler lends a server connection for one transaction, so a lock of the session would not hold there:
 * https://neon.com/docs/connect/connection-pooling says to migrate over the address without "-pooler".
 * `require` is taken by `pg` for `verify-full`, with a warning unless it is spelled so.
 */
export function directUrl(url: string): string {
  if (!URL.canParse(url))
    throw new Error("DATABASE_URL is not a connection string (postgres://user:…@host/database).");
  const direct = new URL(url);
  if (direct.hostname.endsWith(".neon.tech")) direct.hostname = direct.hostname.replace("-pooler.", ".");
  if (direct.searchParams.get("sslmode") === "require") direct.searchParams.set("sslmode", "verify-full");
  return direct.href;
}

/** What Postgres or the network said, without the statement and without the connection string. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { "new-epoch": { type: "boolean", default: false } },
  });
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set: it names the database to migrate.");
  await migrate(url);
  console.log("The database is at the newest migration.");
  if (values["new-epoch"]) console.log(`New epoch: ${await newEpoch(url)}`);
}

if (import.meta.main) {
  await main().catch((error) => {
    console.error(`Migrating failed: ${reasonOf(error)}`);
    process.exitCode = 1;
  });
}
