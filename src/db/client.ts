import {
  type FullQueryResults,
  NeonDbError,
  type NeonQueryFunction,
  NeonQueryPromise,
  neon,
  neonConfig,
} from "@neondatabase/serverless";
import { DrizzleQueryError } from "drizzle-orm";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import { rowObjects } from "./row-objects.ts";

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

/** The limit of a call in a request: neither Postgres nor Neon's proxy ends one by itself. */
const REQUEST_LIMIT_MS = 10_000;
/** For what the schedule calls. */
export const CRON_LIMIT_MS = 30_000;

/** How the driver calls `fetch`; `isScheduled`: for the schedule. */
type CallOptions = RequestInit & { isScheduled?: boolean };

/**
 * Has `work` run along with each call to Postgres that is not the schedule's: the call's answer waits for it. Null: there is nothing to
 * do. It must not fail.
 */
export function alongEachCall(work: () => Promise<void> | null): void {
  neonConfig.fetchFunction = async (address: string, options: CallOptions) => {
    const working = options.isScheduled ? null : work();
    const [answer] = await Promise.all([fetch(address, options), working]);
    return answer;
  };
}

const clients = new Map<string, Client>();
const databases = new Map<string, Db>();

/**
 * One client per connection string and limit: it holds no connection, so requests may share it. Each call is aborted after
 * `limitMs`; it may still have committed.
 */
export function connect(databaseUrl: string, limitMs = REQUEST_LIMIT_MS): Db {
  const key = `${limitMs} ${databaseUrl}`;
  const known = databases.get(key);
  if (known) return known;
  const isScheduled = limitMs === CRON_LIMIT_MS;
  const options = () => ({ signal: AbortSignal.timeout(limitMs), isScheduled });
  const db = drizzle({ client: withOptions(clientOf(databaseUrl), options) });
  databases.set(key, db);
  return db;
}

function clientOf(databaseUrl: string): Client {
  const known = clients.get(databaseUrl);
  if (known) return known;
  const client = neon(databaseUrl);
  clients.set(databaseUrl, client);
  return client;
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
    return await call(
      drizzle({ client: withOptions(clientOf(databaseUrl), () => ({ signal: limit.signal })) }),
    );
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The same client, whose calls have these options, such as a signal that aborts them: a new client would parse its connection
 * string at every webhook. Promises of queries stay the driver's own, which sends a query again at each `then`, and knows those of a
 * transaction by their class.
 */
function withOptions(client: Client, callOptions: () => CallOptions): Client {
  const query = (text: string, params?: unknown[], options?: { arrayMode?: boolean }) => {
    const fetchOptions = callOptions();
    const sent = client.query<boolean, true>(text, params, { ...options, fullResults: true, fetchOptions });
    return options?.arrayMode === false ? withRowObjects(sent) : sent;
  };
  const transaction: Client["transaction"] = async (queries, options) => {
    try {
      return await client.transaction(queries, { ...options, fetchOptions: callOptions() });
    } catch (error) {
      throw error instanceof NeonDbError ? error : incompleteAnswer(error);
    }
  };
  // This is all that Drizzle calls. A whole client is copied slowly, and each call of an object makes one.
  return { query, transaction } as Client;
}

type RawQuery = NeonQueryPromise<boolean, true, FullQueryResults<boolean>>;

/** Makes the objects of the rows here, faster than the driver does. Those of a transaction are the driver's. */
function withRowObjects({ execute, queryData, opts }: RawQuery): RawQuery {
  const asObjects: RawQuery["execute"] = async (data, options) => {
    const { rows, ...result } = await execute(data, { ...options, arrayMode: true });
    const names = result.fields.map(({ name }) => name);
    return { ...result, rowAsArray: false, rows: rowObjects(names, rows as unknown[][]) };
  };
  return new NeonQueryPromise(asObjects, queryData, opts);
}

/** An answer that did not come whole is an error without a code, as when there is none. Whether the call was carried out is open. */
function incompleteAnswer(cause: unknown): NeonDbError {
  const error = new NeonDbError("The database's answer did not come whole.");
  return Object.assign(error, { sourceError: cause });
}

/** The row of a statement that always returns exactly one. */
export function singleRow<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (!row) throw incompleteAnswer(null);
  return row;
}

/** The SQLSTATE of an error, or null when it did not come from Postgres itself. */
export function sqlState(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // A proxy or a runtime may have put something else there.
    if (cause instanceof NeonDbError)
      return /^[0-9A-Z]{5}$/.test(String(cause.code)) ? String(cause.code) : null;
  }
  return null;
}

/** Connection exceptions, invalid authorization, no such database, insufficient resources, operator intervention, system and internal errors. */
const UNAVAILABLE_CLASSES = /^(?:08|28|3D|53|57|58|XX)/;
/**
 * A lock timeout, a read-only database, a session that was ended while idle or for the length of its transaction, and a plan made for
 * an older table, which the next session makes anew ("cached plan must not change result type").
 */
const UNAVAILABLE_CODES = ["55P03", "25006", "25P03", "25P04", "0A000"];

/**
 * Whether the database could not be reached, or could not answer just now. Neon's storage reports a stream that broke amid a read
 * as an internal error (XX000). An error of the driver without a code is Postgres' silence: the answer was cut off, no JSON, or
 * aborted. The driver then throws what the runtime throws, and Drizzle wraps it.
 */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DrizzleQueryError && !(cause.cause instanceof NeonDbError)) return true;
    if (!(cause instanceof NeonDbError)) continue;
    const code = sqlState(cause);
    return code === null || UNAVAILABLE_CLASSES.test(code) || UNAVAILABLE_CODES.includes(code);
  }
  return false;
}

/**
 * Whether an answer that says "unavailable" may concern some rows alone: a page of the storage that is damaged or cannot be read, too
 * much for Postgres' memory, or a query that was cancelled.
 */
export function mayBeDamage(error: unknown): boolean {
  return /^(?:58|XX|53200|57014)/.test(sqlState(error) ?? "");
}

/**
 * Whether Neon's proxy refused the size of a request, or of its answer: the same call never succeeds, a smaller one does. The
 * driver gives no other sign of it than its message.
 */
export function isTooLarge(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof NeonDbError) return /^Server error \(HTTP status (?:413|507)\)/.test(cause.message);
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
