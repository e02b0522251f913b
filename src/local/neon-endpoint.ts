import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Connections } from "./neon-connections.ts";
import { delayOf, KIND, type NeonFaults, readFaults, refusalOf } from "./neon-faults.ts";
import { executeSql, type SqlRequest, type SqlResponse } from "./neon-sql.ts";
import { startTunnel } from "./neon-tunnel.ts";

const DEFAULT_CONNECTIONS = 32;
const CLOSE_GRACE_MS = 1_000;

export type NeonEndpointOptions = {
  /** 0 picks a free port. */
  port: number;
  host?: string;
  postgresPort: number;
  /** Connections to Postgres per database and user; further requests wait for a free one. */
  maxConnections?: number;
  /** In [0, 1): decides which requests meet a fault. */
  random?: () => number;
};

export type NeonEndpoint = {
  url: string;
  port: number;
  setFaults(faults: NeonFaults): void;
  close(): Promise<void>;
};

/**
 * Serves a Postgres as Neon's proxy does, for the unmodified driver `@neondatabase/serverless`: SQL by `POST /sql`, the wire
 * protocol through a WebSocket at `/v2`. Uses the user and the database of the connection string, and ignores its password
 * and host: the server is always the Postgres on this machine. A client that disconnects does not cancel its statement,
 * which may still commit. `/faults` makes it as unkind as Neon's proxy can be: GET shows its faults, PUT sets them (see
 * `NeonFaults`), DELETE ends them.
 */
export async function startNeonEndpoint(options: NeonEndpointOptions): Promise<NeonEndpoint> {
  const { port, host = "127.0.0.1", postgresPort, maxConnections = DEFAULT_CONNECTIONS } = options;
  const { random = Math.random } = options;
  let faults = KIND;
  const pools = new Map<string, Connections>();
  const poolsByAddress = new Map<string, Connections>();
  /** Null when the connection string is not a URL. */
  const poolFor = (connectionString: string): Connections | null => {
    const known = poolsByAddress.get(connectionString);
    if (known) return known;
    if (!URL.canParse(connectionString)) return null;
    const { username, pathname } = new URL(connectionString);
    const user = decodeURIComponent(username) || "postgres";
    const database = decodeURIComponent(pathname.slice(1)) || user;
    const key = JSON.stringify([user, database]);
    const pool = pools.get(key) ?? new Connections({ port: postgresPort, user, database }, maxConnections);
    pools.set(key, pool);
    poolsByAddress.set(connectionString, pool);
    return pool;
  };

  const control = async (request: IncomingMessage): Promise<SqlResponse> => {
    if (request.method === "PUT") faults = readFaults(JSON.parse((await readBody(request, faults)) ?? ""));
    else if (request.method === "DELETE") faults = KIND;
    else if (request.method !== "GET") return errorResponse(405, "Only GET, PUT and DELETE are served here.");
    return { status: 200, body: JSON.stringify(faults) };
  };
  const server = createServer((request, response) => {
    const gone = new Promise<void>((resolve) => response.once("close", resolve));
    const answer =
      request.url === "/faults" ? control(request) : handle(request, { poolFor, faults, random, gone });
    void answer
      .catch((error) => errorResponse(400, error instanceof Error ? error.message : String(error)))
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
  const setFaults = (next: NeonFaults) => {
    faults = next;
  };
  return { url: `http://${host}:${bound}`, port: bound, setFaults, close };
}

type Circumstances = {
  poolFor: (connectionString: string) => Connections | null;
  faults: NeonFaults;
  random: () => number;
  gone: Promise<void>;
};

async function handle(request: IncomingMessage, circumstances: Circumstances): Promise<SqlResponse> {
  const { poolFor, faults, random, gone } = circumstances;
  if (request.method !== "POST" || request.url !== "/sql")
    return errorResponse(404, "Only POST /sql and /faults are served here.");
  const { headers } = request;
  const connections = poolFor(String(headers["neon-connection-string"]));
  if (!connections) return errorResponse(400, "Header Neon-Connection-String is not a URL.");
  const body = await readBody(request, faults);
  if (body === null) return errorResponse(413, `The request is larger than ${faults.limitBytes} bytes.`);
  const sql: unknown = JSON.parse(body);
  if (!isSqlRequest(sql)) return errorResponse(400, "The body is neither a query nor queries.");
  const refusal = refusalOf(faults, random);
  if (refusal) return refusal;
  const response = await executeSql(connections, { sql, headers, faults, gone });
  const delayMs = delayOf(faults, random);
  if (delayMs > 0) await Promise.race([sleep(delayMs, undefined, { ref: false }), gone]);
  if (exceeds(response.body, faults.limitBytes))
    return errorResponse(507, `The answer is larger than ${faults.limitBytes} bytes.`);
  return response;
}

/** A character takes up to three bytes, so most answers need no counting. */
function exceeds(text: string, limitBytes: number): boolean {
  return text.length * 3 > limitBytes && Buffer.byteLength(text) > limitBytes;
}

/** Null when the body is too large. Uses events: iterating over a request takes several times as long for a single chunk. */
function readBody(request: IncomingMessage, { limitBytes }: NeonFaults): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      // Read to the end even then: to stop early would close the connection before the response.
      if (sizeBytes <= limitBytes) chunks.push(chunk);
    });
    request.on("end", () => resolve(sizeBytes > limitBytes ? null : Buffer.concat(chunks).toString()));
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
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  // As text it leaves in one write with the headers.
  response.end(body);
}
