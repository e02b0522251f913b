import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type pg from "pg";
import { reasonOf } from "./error-reason.ts";
import { applySqlFunctions, readSqlFunctions } from "./sql-functions.ts";
import { withClient } from "./with-client.ts";

const HELP = `Brings the database of DATABASE_URL to the newest migration. Safe to repeat, also from several places at once.

  npm run migrate
  npm run migrate -- --new-epoch     after a restore: makes every client load anew`;

const MIGRATIONS = join(import.meta.dirname, "../../drizzle");

/** The advisory lock that serializes migrators. Any number works that no other program locks in the same database. */
const LOCK_ID = 8_787_001;

/**
 * What our statements rely on, and a database or a role may have otherwise: Neon's driver reads times as Postgres writes them, and in
 * another style than ISO it reads another day; hours are counted in UTC; after a lock the SQL functions read what its last holder has
 * committed; their patterns have backslashes; and our tables are in `public`.
 */
const SETTINGS = {
  datestyle: "ISO, MDY",
  timezone: "UTC",
  default_transaction_isolation: "read committed",
  standard_conforming_strings: "on",
  array_nulls: "on",
  transform_null_equals: "off",
  search_path: "public",
};

/** The setting of a role in a database wins over those of the role and of the database; sessions that are open keep what they have. */
const PIN_SETTINGS = `do $$ begin
${Object.entries(SETTINGS)
  .map(
    ([name, value]) =>
      `  execute format('alter role %I in database %I set ${name} = %L', current_user, current_database(), '${value}');`,
  )
  .join("\n")}
end $$`;

/** The same for this session, which may have begun with others. An index may take longer than a database allows its queries. */
async function useSettings(client: pg.Client): Promise<void> {
  await client.query("set statement_timeout = 0");
  for (const [name, value] of Object.entries(SETTINGS))
    await client.query("select set_config($1, $2, false)", [name, value]);
  // Some keep extensions in a schema of their own.
  await client.query(`select set_config('search_path', concat_ws(', ', 'public', (
    select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_trgm' and n.nspname <> 'public')), false)`);
}

/**
 * Applies the missing migrations of `drizzle/` and the changed SQL functions of `src/db/functions`, in one transaction. Does
 * nothing to a database that is current. Of two runs at the same time the second waits, then finds nothing to do. Throws
 * when the database has migrations that `drizzle/` does not: Drizzle's own migrator compares only the time of the newest
 * one (drizzle-orm 0.45) and would ignore a changed or squashed migration.
 */
export async function migrate(url: string): Promise<void> {
  const functions = await readSqlFunctions();
  await withClient(directUrl(url), async (client) => {
    await useSettings(client);
    // The lock belongs to the session, so it is released even after an error.
    await client.query("select pg_advisory_lock($1)", [LOCK_ID]);
    await client.query("begin");
    const migrated = await applyMigrations(client);
    const replaced = await applySqlFunctions(client, functions);
    await client.query(PIN_SETTINGS);
    await client.query("commit");
    if (migrated + replaced > 0) await analyze(client);
  });
}

/**
 * Updates the statistics of every table that has rows, since a new index or column has none until autovacuum runs. Skips
 * empty tables: the planner would know that they are empty, and connections would keep using those plans while the tables
 * fill. It assumes ten pages for a table that was never analyzed (`table_block_relation_estimate_size` in PostgreSQL's
 * tableam.c).
 */
async function analyze(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0",
  );
  for (const { name } of rows) await client.query(`analyze ${name}`);
}

/** Applies the missing migrations and records them in Drizzle's own table, for its tools. Returns how many it applied. */
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
      "The database has migrations that drizzle/ does not: another version created it. In local mode run npm run dev -- --fresh.",
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
 * Sets a new random epoch and returns it. Part of restoring a backup: clients must not resume from events that the restored
 * database never had.
 */
export async function newEpoch(url: string): Promise<string> {
  const epoch = randomBytes(16).toString("hex");
  await withClient(directUrl(url), async (client) => {
    await client.query(
      `insert into "Epoch" (id, epoch, "createdAt") values (1, $1, now())
       on conflict (id) do update set epoch = excluded.epoch, "createdAt" = excluded."createdAt"`,
      [epoch],
    );
  });
  return epoch;
}

/**
 * Neon's pooler assigns a server connection per transaction, so a session lock does not work there:
 * https://neon.com/docs/connect/connection-pooling says to migrate over the host without "-pooler".
 * `pg` treats `require` as `verify-full`, and prints a warning unless it is written that way.
 */
export function directUrl(url: string): string {
  if (!URL.canParse(url))
    throw new Error("DATABASE_URL is not a connection string (postgres://user:…@host/database).");
  const direct = new URL(url);
  if (direct.hostname.endsWith(".neon.tech")) direct.hostname = direct.hostname.replace("-pooler.", ".");
  if (direct.searchParams.get("sslmode") === "require") direct.searchParams.set("sslmode", "verify-full");
  return direct.href;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "new-epoch": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
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
