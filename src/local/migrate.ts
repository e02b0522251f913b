import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";

const MIGRATIONS = join(import.meta.dirname, "../../drizzle");

/** Any number that no other program locks in the same database: migrators wait for each other by it. */
const LOCK = 8_787_001;

/**
 * Brings a database to the newest migration of `drizzle/`; one that is there already stays as it is. Each run
 * is one transaction. Two at once do not clash: the second waits, and then finds nothing to do.
 */
export async function migrate(url: string): Promise<void> {
  await withClient(url, async (client) => {
    // Held by the session and gone with it, whatever happens in between.
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS });
  });
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
