import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { executeSql, newPool, type SqlRequest, type SqlResponse } from "./neon-sql.ts";
import { startTunnel } from "./neon-tunnel.ts";

/** The limit of Neon's proxy: https://neon.com/docs/serverless/serverless-driver. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
const DEFAULT_CONNECTIONS = 32;
const CLOSE_GRACE_MS = 1_000;

export type NeonEndpointOptions = {
  /** 0 picks a free port. */
  port: number;
  host?: string;
  postgresPort: number;
  /** Connections to Postgres per database and user; further requests wait for a free one. */
  maxConnections?: number;
};

export type NeonEndpoint = {
  url: string;
  port: number;
  close(): Promise<void>;
};

/**
 * Serves a Postgres as Neon's proxy does, for the unmodified driver `@neondatabase/serverless`: SQL by `POST /sql`, the wire
 * protocol through a WebSocket at `/v2`. Uses the user and the database of the connection string, and ignores its password
 * and host: the server is always the Postgres on this machine. A client that disconnects does not cancel its statement,
 * which may still commit.
 */
export async function startNeonEndpoint(options: NeonEndpointOptions): Promise<NeonEndpoint> {
  const { port, host = "127.0.0.1", postgresPort, maxConnections = DEFAULT_CONNECTIONS } = options;
  const pools = new Map<string, pg.Pool>();
  const poolsByAddress = new Map<string, pg.Pool>();
  /** Null when the connection string is not a URL. */
  const poolFor = (connectionString: string): pg.Pool | null => {
    const known = poolsByAddress.get(connectionString);
    if (known) return known;
    if (!URL.canParse(connectionString)) return null;
    const { username, pathname } = new URL(connectionString);
    const user = decodeURIComponent(username) || "postgres";
    const database = decodeURIComponent(pathname.slice(1)) || user;
    const key = JSON.stringify([user, database]);
    const pool = pools.get(key) ?? newPool({ port: postgresPort, user, database, max: maxConnections });
    pools.set(key, pool);
    poolsByAddress.set(connectionString, pool);
    return pool;
  };

  const server = createServer((request, response) => {
    void handle(request, poolFor)
      .catch((error) => errorResponse(400, String(error)))
      .then(({ status, body }) => respond(response, status, body));
  });
  // Closing an idle connection races with a client that is just writing its next request on it.
  server.keepAliveTimeout = 3_600_000;
  server.requestTimeout = 0;
  const tunnel = startTunnel(server, postgresPort);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;

  const close = async () => {
    tunnel.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    const ended = Promise.all([...pools.values()].map((pool) => pool.end()));
    // A statement that waits for a lock would keep its pool open forever.
    await Promise.all([closed, Promise.race([ended, sleep(CLOSE_GRACE_MS)])]);
  };
  return { url: `http://${host}:${bound}`, port: bound, close };
}

type PoolFor = (connectionString: string) => pg.Pool | null;

async function handle(request: IncomingMessage, poolFor: PoolFor): Promise<SqlResponse> {
  if (request.method !== "POST" || request.url !== "/sql")
    return errorResponse(404, "Only POST /sql is served here.");
  const pool = poolFor(String(request.headers["neon-connection-string"]));
  if (!pool) return errorResponse(400, "Header Neon-Connection-String is not a URL.");
  const body = await readBody(request);
  if (body === null) return errorResponse(413, `The request is larger than ${BODY_LIMIT_BYTES} bytes.`);
  const sql: unknown = JSON.parse(body);
  if (!isSqlRequest(sql)) return errorResponse(400, "The body is neither a query nor queries.");
  return await executeSql(pool, sql, request.headers);
}

/** Null when the body is too large. Uses events: iterating over a request takes several times as long for a single chunk. */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      // Read to the end even then: to stop early would close the connection before the response.
      if (sizeBytes <= BODY_LIMIT_BYTES) chunks.push(chunk);
    });
    request.on("end", () => resolve(sizeBytes > BODY_LIMIT_BYTES ? null : Buffer.concat(chunks).toString()));
    request.on("error", reject);
  });
}

function isSqlRequest(value: unknown): value is SqlRequest {
  if (typeof value !== "object" || value === null) return false;
  if ("queries" in value) return Array.isArray(value.queries) && value.queries.every(isStatement);
  return isStatement(value);
}

function isStatement(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("query" in value)) return false;
  const params = "params" in value ? value.params : [];
  return typeof value.query === "string" && Array.isArray(params);
}

function errorResponse(status: number, message: string): SqlResponse {
  return { status, body: JSON.stringify({ message }) };
}

function respond(response: ServerResponse, status: number, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
  response.end(bytes);
}
