import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chown, mkdir, rename, rm, stat } from "node:fs/promises";
import { resolve as absolute, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { describeTaken, freePort } from "./ports.ts";
import { chooseUser, locateBinaries, type RunAs, reachableFolder } from "./postgres-binaries.ts";
import { endLeftoverServer, readPidFile, STOP_GRACE_MS, STOP_SIGNALS } from "./postgres-pid-file.ts";
import { endProcess } from "./processes.ts";

const run = promisify(execFile);

const START_LIMIT_MS = 60_000;
const START_ATTEMPTS = 20;
const START_PAUSE_MS = 250;
const POLL_MS = 10;
const KEPT_LOG_LINES = 20;
/** Nothing of the caller's PG… variables and locale reaches the server. */
const SERVER_ENV = { PATH: process.env.PATH ?? "", LC_ALL: "C" };

export type PostgresOptions = {
  /** Made when it is not there. Root may get another folder, see `PostgresServer.dataDir`. */
  dataDir: string;
  /** 0 for any free one. */
  port: number;
  /** For tests: nothing waits for the disk. It outlives a killed server, but not a crash of the machine. */
  fast?: boolean;
  /** The server's own log, line by line. */
  log?: (line: string) => void;
  /** Called when the server ends without `stop`. */
  onExit?: (reason: string) => void;
};

export type PostgresServer = {
  port: number;
  pid: number;
  /** Where the data really is: elsewhere than asked when the user that runs Postgres cannot get there. */
  dataDir: string;
  url(database: string): string;
  /** Makes a database unless there is one of that name. */
  createDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a real PostgreSQL 18 on 127.0.0.1 alone; any password is good. Data from an earlier run is kept, and
 * a server that a killed Node left behind on it is ended first.
 * Throws when the port is taken (naming by whom) and when a running program uses the data.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const runAs = await chooseUser();
  const binaries = await locateBinaries(runAs);
  const dataDir = await dataFolderOf(options.dataDir);
  await endLeftoverServer(dataDir);
  const port = options.port || (await freePort());
  const [taken] = await describeTaken([port]);
  if (taken) throw new Error(`Postgres cannot start: ${taken}.`);
  if (!(await exists(join(dataDir, "PG_VERSION")))) {
    await createCluster(binaries, dataDir, runAs, options);
  }
  const server = await launch(binaries, dataDir, port, runAs, options);
  const url = (database: string) =>
    `postgres://postgres:local@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return { ...server, port, dataDir, url, createDatabase: (name) => createDatabase(url("postgres"), name) };
}

/** Where the data of `dataDir` really is, before or after a start. */
export async function dataFolderOf(dataDir: string): Promise<string> {
  return await reachableFolder(absolute(dataDir), await chooseUser());
}

/** Built beside its final place, so that an interrupted initdb is never taken for a database. */
async function createCluster(
  binaries: string,
  dataDir: string,
  runAs: RunAs,
  { fast = false }: PostgresOptions,
): Promise<void> {
  const unfinished = `${dataDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(unfinished, runAs.uid, runAs.gid);
  // The built-in C.UTF-8 sorts and folds alike on every machine.
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"];
  const flags = ["--username=postgres", "--auth=trust", "--no-instructions", ...(fast ? ["--no-sync"] : [])];
  const how = { ...runAs, cwd: "/", env: SERVER_ENV };
  await run(join(binaries, "initdb"), [`--pgdata=${unfinished}`, ...flags, ...locale], how);
  await rm(dataDir, { recursive: true, force: true });
  await rename(unfinished, dataDir);
}

async function launch(
  binaries: string,
  dataDir: string,
  port: number,
  runAs: RunAs,
  options: PostgresOptions,
  attempt = 1,
): Promise<{ pid: number; stop(): Promise<void> }> {
  const { fast = false, log, onExit } = options;
  const unsafe = fast ? { fsync: "off", full_page_writes: "off" } : {};
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    ...unsafe,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(binaries, "postgres"), ["-D", dataDir, "-p", String(port), ...flags], {
    ...runAs,
    cwd: "/",
    env: SERVER_ENV,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (lines.push(line) > KEPT_LOG_LINES) lines.shift();
    log?.(line);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  // Without this, a Node that exits by an exception would leave the server behind.
  const endWithNode = () => child.kill("SIGINT");
  process.once("exit", endWithNode);
  let started = false;
  let stopping = false;
  void ended.then((reason) => {
    process.removeListener("exit", endWithNode);
    if (started && !stopping) onExit?.(reason);
  });

  const stop = async () => {
    stopping = true;
    if (child.pid && !hasExited(child)) await endProcess(child.pid, STOP_SIGNALS, STOP_GRACE_MS);
    await ended;
  };
  const failure = await Promise.race([ended, whenReady(dataDir, child)]);
  if (failure !== null) {
    await stop();
    // Backends of a server that was killed are still ending.
    if (lines.some((line) => line.includes("is still in use")) && attempt < START_ATTEMPTS) {
      await sleep(START_PAUSE_MS);
      return await launch(binaries, dataDir, port, runAs, options, attempt + 1);
    }
    throw new Error(`Postgres did not start (${failure}):\n${lines.join("\n")}`);
  }
  started = true;
  return { pid: child.pid ?? 0, stop };
}

/** Null once the server accepts connections: it then says so in the last line of its pid file, as pg_ctl reads it. */
async function whenReady(dataDir: string, child: ChildProcess): Promise<string | null> {
  for (let waited = 0; waited < START_LIMIT_MS && !hasExited(child); waited += POLL_MS) {
    const { pid, status } = await readPidFile(dataDir);
    if (pid === child.pid && status === "ready") return null;
    await sleep(POLL_MS);
  }
  return `not ready after ${START_LIMIT_MS / 1000} s`;
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
