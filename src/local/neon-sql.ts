import type { IncomingHttpHeaders } from "node:http";
import pg from "pg";

const IDLE_LIMIT_MS = 300_000;

/** As the driver names them in Neon-Batch-Isolation-Level. */
const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
};

/** Shutting down, starting up, connection exceptions, too many connections: the server is away, not the SQL wrong. */
const SERVER_AWAY = /^(57P0[1-3]|08|53300)/;

/** Settings that outlive the statement: undone before another request gets the connection. */
const CHANGES_SETTINGS = /\bset_config\s*\(|^\s*(set(?!\s+local\b)|reset)\b/i;
/** Other things that a session keeps: such a connection is not used again. */
const MARKS_SESSION =
  /^\s*(set\s+(role|session)|listen|prepare|declare|load|create\s+(\w+\s+)?temp)|\bpg_(try_)?advisory_lock/i;

export type Statement = { query: string; params?: unknown[] };
/** One statement that commits by itself, or several as one transaction. */
export type SqlRequest = Statement | { queries: Statement[] };
export type Answer = { status: number; body: string };

/** Values are handed through as Postgres wrote them: the driver wants text and has parsers of its own. */
const rawText = { getTypeParser: () => (value: string) => value };

export function newPool(target: { port: number; user: string; database: string; max: number }): pg.Pool {
  const connection = { host: "127.0.0.1", password: "any", keepAlive: true, pipeline: true, types: rawText };
  const pool = new pg.Pool({ ...connection, ...target, idleTimeoutMillis: IDLE_LIMIT_MS });
  // A connection that dies fails its own requests; the pool has taken it out already.
  const ignore = () => undefined;
  pool.on("error", ignore).on("connect", (client) => client.on("error", ignore));
  return pool;
}

/**
 * Runs a request and gives Neon's answer: 200 with the rows, 400 with Postgres' own error fields, 503 while
 * there is no Postgres to talk to. Never throws.
 */
export async function answerSql(
  pool: pg.Pool,
  sql: SqlRequest,
  headers: IncomingHttpHeaders,
): Promise<Answer> {
  const begin = beginStatement(headers);
  if (!begin) return { status: 400, body: '{"message":"Unknown isolation level."}' };
  try {
    const client = await pool.connect();
    const statements = "queries" in sql ? sql.queries : [sql];
    try {
      const results = await runAll(client, statements, "queries" in sql ? begin : null);
      return { status: 200, body: JSON.stringify("queries" in sql ? { results } : results[0]) };
    } finally {
      release(client, statements);
    }
  } catch (error) {
    return describeError(error);
  }
}

/** Null for a level that there is not. Read committed, Postgres' default, unless the headers say otherwise. */
function beginStatement(headers: IncomingHttpHeaders): string | null {
  const level = ISOLATION_LEVELS[String(headers["neon-batch-isolation-level"] ?? "ReadCommitted")];
  if (level === undefined) return null;
  const access = headers["neon-batch-read-only"] === "true" ? " read only" : "";
  const deferrable = headers["neon-batch-deferrable"] === "true" ? " deferrable" : "";
  return `begin isolation level ${level}${access}${deferrable}`;
}

/**
 * Writes all statements at once, with `begin` as one transaction, and then waits: one round trip to Postgres,
 * whatever their number. After an error the rest is refused by Postgres (25P02) and the closing commit rolls
 * back; the first error is thrown.
 */
async function runAll(client: pg.PoolClient, statements: Statement[], begin: string | null) {
  const { stream } = (client as pg.PoolClient & { connection: pg.Connection }).connection;
  stream.cork();
  const opening = begin === null ? [] : [client.query(begin)];
  const running = statements.map(({ query, params }) => {
    // The extended protocol takes one statement at a time, as Neon does; the simple one would take a whole script.
    const config = { text: query, values: params ?? [], rowMode: "array" as const, queryMode: "extended" };
    return client.query<unknown[]>(config);
  });
  const closing = begin === null ? [] : [client.query("commit")];
  stream.uncork();
  for (const each of await Promise.allSettled([...opening, ...running, ...closing])) {
    if (each.status === "rejected") throw each.reason;
  }
  return (await Promise.all(running)).map(({ fields, rows, command, rowCount }) => {
    // Of a field the driver reads its name and its type, and a page of chats has fifty.
    const described = fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
    return { fields: described, rows, command, rowCount, rowAsArray: true };
  });
}

/** Hands the connection back as the next request may have it: no open transaction, nothing of this one's session. */
function release(client: pg.PoolClient, statements: Statement[]): void {
  const traces = statements.map(({ query }) => traceOf(query));
  const spoiled = client.getTransactionStatus() !== "I" || traces.includes("session");
  if (!spoiled && traces.includes("settings")) {
    // Not awaited: what comes next on this connection is behind it anyway.
    client.query("reset all").catch(() => undefined);
  }
  client.release(spoiled);
}

/** What a statement leaves behind in its session. */
type SessionTrace = "session" | "settings" | "nothing";

/** An application asks the same few statements again and again. */
const knownTraces = new Map<string, SessionTrace>();
const KNOWN_TRACES_LIMIT = 1_000;

function traceOf(query: string): SessionTrace {
  const known = knownTraces.get(query);
  if (known) return known;
  const trace = MARKS_SESSION.test(query) ? "session" : CHANGES_SETTINGS.test(query) ? "settings" : "nothing";
  if (knownTraces.size >= KNOWN_TRACES_LIMIT) knownTraces.clear();
  knownTraces.set(query, trace);
  return trace;
}

function describeError(error: unknown): Answer {
  if (error instanceof pg.DatabaseError && !SERVER_AWAY.test(error.code ?? "")) {
    // The fields of an error stand on the object under the names that the driver reads; `message` is not enumerable.
    return { status: 400, body: JSON.stringify({ ...error, message: error.message }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 503, body: JSON.stringify({ message: `Postgres cannot be reached: ${message}` }) };
}
