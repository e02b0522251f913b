import { createHmac, randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SignJWT } from "jose";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { connect } from "../../src/db/client.ts";
import { freePort } from "../../src/local/ports.ts";
import { withClient } from "../../src/local/with-client.ts";
import { startWorker, type WorkerOptions } from "../../src/local/worker.ts";
import { modulesIn } from "../../src/local/worker-bundle.ts";
import { APP_SECRET, JWT_SECRET, testBindings } from "../support/bindings.ts";
import { PATIENT } from "../support/patient.ts";
import { workerBuiltOnce } from "./build-once.ts";

/** Longer than a request may take: a busy machine is not what these tests are about. */
const CALL_LIMIT_MS = 120_000;
export const PHONE_NUMBER_ID = "200000000000001";
const LOOK_EVERY_MS = 50;
const POST_AGAIN_MS = 100;
/** Sooner than a lock's wait may be over. */
const LOCK_LOOK_EVERY_MS = 10;
const ROOT = join(import.meta.dirname, "../..");

export type OwnDatabase = Awaited<ReturnType<typeof ownDatabase>>;

/** A migrated database of the test's own on the run's Postgres, with one number of organization 1. */
export async function ownDatabase() {
  const name = `own_${randomBytes(6).toString("hex")}`;
  const server = inject("postgresUrl");
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const databaseUrl = Object.assign(new URL(inject("databaseUrl")), { pathname: `/${name}` }).href;
  await query(server, `create database ${name} template ${inject("migratedDatabase")}`);
  await query(
    url,
    `insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
     values (1, 'Ours', '79001234567', '${PHONE_NUMBER_ID}', '123456789012345')`,
  );
  const sessions: pg.Client[] = [];
  // A session for each query costs more than most of the queries.
  let pool = poolOf(url);
  const ask = async (text: string): Promise<unknown[]> => (await pool.query(text)).rows;
  const waiting = () =>
    ask(
      "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    ) as Promise<{ pid: number }[]>;
  return {
    databaseUrl,
    db: connect(databaseUrl, CALL_LIMIT_MS),
    query: ask,
    /** The sessions that wait for a lock, of this database alone: those of other files wait as well. */
    waiting,
    /** Resolves when so many of them wait. */
    untilWaiting: async (areEnough: (sessions: number) => boolean) => {
      while (!areEnough((await waiting()).length)) await wait(LOCK_LOOK_EVERY_MS);
    },
    /** A session of its own, to hold locks in; what the test does not end is ended with the database. */
    session: async () => {
      const client = new pg.Client(url);
      await client.connect();
      sessions.push(client);
      return client;
    },
    /** Changes what sessions begin with, such as `set default_transaction_read_only = on`, and ends those that there are. */
    set: async (setting: string) => {
      await pool.end();
      await query(server, `alter database ${name} ${setting}`);
      await query(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      pool = poolOf(url);
    },
    drop: async () => {
      await Promise.all([pool.end(), ...sessions.map((session) => session.end())]);
      await query(server, `drop database ${name} with (force)`);
    },
  };
}

/** Options of a test's Worker, see startWorker; `vars` override the test's own. */
export type TestWorkerOptions = Partial<
  Pick<WorkerOptions, "vars" | "define" | "services" | "configPath" | "build" | "log">
>;

/** The Worker as it is deployed, but patient, on a free port of this machine, before this database. */
export async function realWorker(databaseUrl: string, { vars, ...options }: TestWorkerOptions = {}) {
  const define = { ...PATIENT, ...options.define };
  const dir = await mkdtemp(join(tmpdir(), "waba-worker-"));
  const dataDir = join(dir, "data");
  const port = await freePort();
  const worker = await startWorker({
    configPath: join(ROOT, "wrangler.toml"),
    ...(options.configPath ? { distDir: join(dir, "dist") } : workerBuiltOnce(define)),
    dataDir,
    port,
    vars: { ...testBindings(databaseUrl, inject("graphUrl")), ...vars },
    log: () => undefined,
    ...options,
    define,
  });
  const close = async () => {
    await worker.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { url: `${worker.url}/api/waba`, port, dataDir, reload: () => worker.reload(), close };
}

/** A database and the Worker before it, for the tests of the block that calls this; and the lines that the Worker logs. */
export function ownSystem() {
  let database: OwnDatabase | null = null;
  let worker: Awaited<ReturnType<typeof realWorker>> | null = null;
  const logged: string[] = [];
  beforeAll(async () => {
    database = await ownDatabase();
    worker = await realWorker(database.databaseUrl, { log: (line) => logged.push(line) });
  }, 120_000);
  afterAll(async () => {
    await worker?.close();
    await database?.drop();
  });
  const databaseOf = () => {
    if (!database) throw new Error("the database is not there yet");
    return database;
  };
  const urlOf = () => {
    if (!worker) throw new Error("the Worker does not run yet");
    return worker.url;
  };
  return {
    logged,
    /** The id of the chat of a customer who has written just once; a first commit may be slow, and then comes by the drain. */
    aChat: async (from: string): Promise<number> => {
      await deliver(urlOf(), aTextBody(from, `first ${from}`, Math.floor(Date.now() / 1000)));
      const text = `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = '${from}'`;
      for (;;) {
        const [chat] = (await databaseOf().query(text)) as { id: number }[];
        if (chat) return chat.id;
        await wait(LOOK_EVERY_MS);
      }
    },
    get database() {
      return databaseOf();
    },
    get url() {
      return urlOf();
    },
  };
}

/** A copy of the Worker as `workerBuiltOnce` builds it: its modules. */
export async function copyBuilt(outDir: string, define?: Record<string, string>) {
  const { distDir, build } = workerBuiltOnce(define);
  const built = join(distDir, "worker");
  await build(join(ROOT, "wrangler.toml"), built);
  await cp(built, outDir, { recursive: true });
  return await modulesIn(outDir);
}

/** Posts a body as Meta does. */
export async function postSigned(url: string, body: string, signal?: AbortSignal): Promise<number> {
  const signature = `sha256=${createHmac("sha256", APP_SECRET).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const answer = await fetch(`${url}/webhook`, { method: "POST", headers, body, signal: signal ?? null });
  await answer.arrayBuffer();
  return answer.status;
}

/** Posts a body until it is acknowledged, as Meta does: a busy machine may answer 503 first. */
export async function deliver(url: string, body: string): Promise<void> {
  while ((await postSigned(url, body).catch(() => 0)) !== 200) await wait(POST_AGAIN_MS);
}

/** An agent of organization 1, who reads, or posts a body. */
export async function asAgent(
  url: string,
  sub = "anna",
  role = "agent",
): Promise<(path: string, body?: object, headers?: Record<string, string>) => Promise<Response>> {
  const authorization = await bearer(sub, role);
  return async (path, body, headers) =>
    await fetch(`${url}${path}`, {
      headers: { authorization, ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
}

/** The header of an admin of organization 1. */
export const adminAuthorization = () => bearer("anna", "admin");

async function bearer(sub: string, role: string): Promise<string> {
  const token = await new SignJWT({ organizationId: 1, role })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  return `Bearer ${token}`;
}

/** A body with one text. */
export function aTextBody(from: string, wamid: string, at: number): string {
  const metadata = { display_phone_number: "79001234567", phone_number_id: PHONE_NUMBER_ID };
  const message = { from, id: wamid, timestamp: String(at), type: "text", text: { body: wamid } };
  const value = { messaging_product: "whatsapp", metadata, messages: [message] };
  const entry = [{ id: "123456789012345", changes: [{ field: "messages", value }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

/** One body with all that is in these. */
export function together(bodies: string[]): string {
  const parsed = bodies.map((body) => JSON.parse(body));
  return JSON.stringify({ ...parsed[0], entry: parsed.flatMap(({ entry }) => entry) });
}

/** Its sessions end after ten seconds without a query. */
function poolOf(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url });
  // One of its sessions that waited for the next query was ended by the test.
  pool.on("error", () => undefined);
  return pool;
}

async function query(url: string, text: string): Promise<unknown[]> {
  return await withClient(url, async (client) => (await client.query(text)).rows);
}
