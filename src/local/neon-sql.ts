import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Connections, type Lease, resetSession } from "./neon-connections.ts";
import type { NeonFaults } from "./neon-faults.ts";

/** The proxy's own. */
const CANCEL_GRACE_MS = 100;

/** By the driver's names, from the header Neon-Batch-Isolation-Level. */
const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
};

/** Shutting down, starting up, connection exceptions, too many connections: the server is unavailable, the SQL is not wrong. */
const UNAVAILABLE_SQLSTATE = /^(57P0[1-3]|08|53300)/;

/**
 * Statements whose settings outlast them: they are reset before another request gets the connection. `set_config` with literals or
 * parameters, and then `true`, holds for its transaction only.
 */
const CHANGES_SETTINGS =
  /\bset_config\s*\((?!\s*(?:'[^']*'|\$\d+)\s*,\s*(?:'[^']*'|\$\d+)\s*,\s*true\s*\))|^\s*(set(?!\s+local\b)|reset)\b/i;
/** Statements that change the session in another way: the connection is not reused. */
const CHANGES_SESSION =
  /^\s*(set\s+(role|session)|listen|prepare|declare|load|create\s+(\w+\s+)?temp)|\bpg_(try_)?advisory_lock/i;

export type Statement = { query: string; params?: unknown[] };
/** One statement in its own transaction, or several in one transaction. */
export type SqlRequest = Statement | { queries: Statement[] };
export type SqlResponse = { status: number; body: string };

type Request = {
  sql: SqlRequest;
  headers: IncomingHttpHeaders;
  faults: NeonFaults;
  /** Resolves when the client has gone. */
  gone: Promise<void>;
};

/**
 * Runs a request and returns Neon's response: 200 with the rows, 400 with Postgres' own error fields, 503 (with the proxy's
 * statuses 500) while Postgres cannot be reached. Never throws.
 */
export async function executeSql(
  connections: Connections,
  { sql, headers, faults, gone }: Request,
): Promise<SqlResponse> {
  const begin = beginStatement(headers);
  if (!begin) return { status: 400, body: '{"message":"Unknown isolation level."}' };
  let isConnected = false;
  try {
    const lease = await connections.lease(faults.connections);
    isConnected = true;
    const statements = "queries" in sql ? sql.queries : [sql];
    let isDone = false;
    if (faults.cancelsAbandoned)
      void gone
        .then(() => sleep(CANCEL_GRACE_MS))
        .then(() => (isDone ? undefined : lease.cancel()))
        .catch(() => undefined);
    try {
      const results = await runAll(lease.client, statements, "queries" in sql ? begin : null);
      return { status: 200, body: JSON.stringify("queries" in sql ? { results } : results[0]) };
    } finally {
      isDone = true;
      release(lease, statements, faults.resetsSessions);
    }
  } catch (error) {
    return faults.hasProxyStatuses ? describeAsProxy(error, isConnected) : describeError(error);
  }
}

/** Null for an unknown level. The default is read committed, as in Postgres. */
function beginStatement(headers: IncomingHttpHeaders): string | null {
  const level = ISOLATION_LEVELS[String(headers["neon-batch-isolation-level"] ?? "ReadCommitted")];
  if (level === undefined) return null;
  const access = headers["neon-batch-read-only"] === "true" ? " read only" : "";
  const deferrable = headers["neon-batch-deferrable"] === "true" ? " deferrable" : "";
  return `begin isolation level ${level}${access}${deferrable}`;
}

/**
 * Writes all statements at once, then waits: one round trip to Postgres for any number of them. With `begin` they are one
 * transaction. After an error Postgres rejects the rest (25P02) and the final commit rolls back; throws the first error.
 */
async function runAll(client: pg.Client, statements: Statement[], begin: string | null) {
  const { stream } = (client as pg.Client & { connection: pg.Connection }).connection;
  stream.cork();
  const opening = begin === null ? [] : [client.query(begin)];
  const running = statements.map(({ query, params }) => {
    // The extended protocol accepts one statement at a time, as Neon does; the simple one would accept a script.
    const config = { text: query, values: params ?? [], rowMode: "array" as const, queryMode: "extended" };
    return client.query<unknown[]>(config);
  });
  const closing = begin === null ? [] : [client.query("commit")];
  stream.uncork();
  for (const each of await Promise.allSettled([...opening, ...running, ...closing])) {
    if (each.status === "rejected") throw each.reason;
  }
  return (await Promise.all(running)).map(({ fields, rows, command, rowCount }) => {
    // The driver reads only the name and the type of a field, and a page of chats has fifty fields.
    const described = fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
    return { fields: described, rows, command, rowCount, rowAsArray: true };
  });
}

/** Returns a clean connection: without an open transaction or a changed session. */
function release(lease: Lease, statements: Statement[], isReset: boolean): void {
  const effects = statements.map(({ query }) => effectOf(query));
  const isDirty = lease.client.getTransactionStatus() !== "I" || effects.includes("session");
  if (!isDirty && isReset) resetSession(lease.client);
  else if (!isDirty && effects.includes("settings")) {
    // Not awaited: the connection runs its statements in order.
    lease.client.query("reset all").catch(() => undefined);
  }
  lease.release(isDirty);
}

/** What a statement changes in its session. */
type SessionEffect = "session" | "settings" | "nothing";

/** An application sends the same few statements again and again. */
const effectCache = new Map<string, SessionEffect>();
const EFFECT_CACHE_LIMIT = 1_000;

function effectOf(query: string): SessionEffect {
  const cached = effectCache.get(query);
  if (cached) return cached;
  const effect = CHANGES_SESSION.test(query)
    ? "session"
    : CHANGES_SETTINGS.test(query)
      ? "settings"
      : "nothing";
  if (effectCache.size >= EFFECT_CACHE_LIMIT) effectCache.clear();
  effectCache.set(query, effect);
  return effect;
}

function describeError(error: unknown): SqlResponse {
  if (error instanceof pg.DatabaseError && !UNAVAILABLE_SQLSTATE.test(error.code ?? "")) {
    // `pg` names the fields as the driver reads them; `message` is not enumerable.
    return { status: 400, body: JSON.stringify({ ...error, message: error.message }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 503, body: JSON.stringify({ message: `Postgres cannot be reached: ${message}` }) };
}

/** What Postgres says of a query has its code, whatever it is; what fails before is 500, where the driver has none. */
function describeAsProxy(error: unknown, isConnected: boolean): SqlResponse {
  if (isConnected && error instanceof pg.DatabaseError)
    return { status: 400, body: JSON.stringify({ ...error, message: error.message }) };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: JSON.stringify({ message: `Could not connect: ${message}` }) };
}
