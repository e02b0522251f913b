import { NeonDbError, type NeonQueryFunction, neon, neonConfig } from "@neondatabase/serverless";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";

/**
 * Neon over HTTP. There are no interactive transactions: every write is one statement, one `batch` or one SQL
 * function, and safe to repeat, because an aborted call may have committed.
 */
export type Db = NeonHttpDatabase;

const neonAddress = neonConfig.fetchEndpoint;
// The driver derives Neon's address from the host name. On this machine the connection string has the endpoint's own port.
neonConfig.fetchEndpoint = (host, port, options) => {
  if (host === "127.0.0.1" || host === "localhost") return `http://${host}:${port}/sql`;
  return typeof neonAddress === "function" ? neonAddress(host, port, options) : neonAddress;
};

type Client = NeonQueryFunction<false, false>;

const known = new Map<string, { client: Client; db: Db }>();

/** One client per connection string: it holds no connection, so requests may share it. */
export function connect(databaseUrl: string): Db {
  return connectionOf(databaseUrl).db;
}

function connectionOf(databaseUrl: string) {
  const before = known.get(databaseUrl);
  if (before) return before;
  const client = neon(databaseUrl);
  const made = { client, db: drizzle({ client }) };
  known.set(databaseUrl, made);
  return made;
}

/** For Durable Objects: a call that never ends would block all others of the object for as long as it lives. */
const ASK_LIMIT_MS = 5_000;

/** Calls the database, and aborts the call after `limitMs`. It may still have committed. */
export async function askDatabase<Result>(
  databaseUrl: string,
  call: (db: Db) => Promise<Result>,
  limitMs = ASK_LIMIT_MS,
): Promise<Result> {
  const limit = new AbortController();
  // Cleared with the call: a pending timer keeps a Durable Object from hibernating.
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return await call(drizzle({ client: withSignal(connectionOf(databaseUrl).client, limit.signal) }));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The same client, whose calls abort with the signal: a new client would parse its connection string at every webhook. Promises
 * are returned untouched, because the driver sends a query again at each `then`.
 */
function withSignal(client: Client, signal: AbortSignal): Client {
  const fetchOptions = { signal };
  const query: Client["query"] = (text, params, options) =>
    client.query(text, params, { ...options, fetchOptions });
  const transaction: Client["transaction"] = (queries, options) =>
    client.transaction(queries, { ...options, fetchOptions });
  return Object.assign((...parts: Parameters<Client>) => client(...parts), { ...client, query, transaction });
}

/** The row of a statement that always returns exactly one. */
export function singleRow<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error("A statement that always returns a row returned none.");
  return row;
}

/** The SQLSTATE of an error, or null when it did not come from Postgres itself. */
export function sqlState(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof NeonDbError) return cause.code ?? null;
  }
  return null;
}

/**
 * Whether the database could not be reached, or could not answer just now: connection exceptions (class 08), invalid
 * authorization (28), no such database (3D), insufficient resources (53), operator intervention (57), system errors (58), a lock
 * timeout (55P03), a read-only database (25006), and an error without a code, because Postgres gave no answer.
 */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof NeonDbError)) continue;
    return !cause.code || /^(08|28|3D|53|57|58)/.test(cause.code) || ["55P03", "25006"].includes(cause.code);
  }
  return false;
}

/** Whether the same call may succeed a moment later: unavailable, or after a serialization failure or a deadlock. */
export function isTransient(error: unknown): boolean {
  return isUnavailable(error) || ["40001", "40P01"].includes(sqlState(error) ?? "");
}

/** Whether the database refuses writes until an operator acts: it is read-only, or its disk is full. */
export function isReadOnly(error: unknown): boolean {
  return ["25006", "53100"].includes(sqlState(error) ?? "");
}

/**
 * Whether a table, column, type or function was missing or not permitted: the request is not at fault, but a migration that is
 * running or was forgotten.
 */
export function isSchemaMismatch(error: unknown): boolean {
  return ["42703", "42P01", "42704", "42883", "42501", "3F000"].includes(sqlState(error) ?? "");
}
