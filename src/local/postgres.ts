import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chown, mkdir, rename, rm, stat } from "node:fs/promises";
import { resolve as absolute, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { describeTakenPorts, freePort } from "./ports.ts";
import { chooseUser, locateBinaries, type RunAs, reachableFolder } from "./postgres-binaries.ts";
import { readPidFile, STOP_GRACE_MS, STOP_SIGNALS, stopOrphanedServer } from "./postgres-pid-file.ts";
import { terminateProcess } from "./processes.ts";
import { withClient } from "./with-client.ts";

const run = promisify(execFile);

const START_TIMEOUT_MS = 60_000;
const START_ATTEMPTS = 20;
const START_RETRY_MS = 250;
const POLL_MS = 10;
const LOG_LINES_IN_ERROR = 20;
/** Without the caller's PG… variables and locale. */
const SERVER_ENV = { PATH: process.env.PATH ?? "", LC_ALL: "C" };

export type PostgresOptions = {
  /** Created when it does not exist. Root may get another folder, see `PostgresServer.dataDir`. */
  dataDir: string;
  /** 0 picks a free port. */
  port: number;
  /** For tests: never waits for the disk. Data survives a killed server, but not a crash of the machine. */
  fast?: boolean;
  /** Receives the server's log, line by line. */
  log?: (line: string) => void;
  /** Called when the server exits without `stop`. */
  onExit?: (reason: string) => void;
};

export type PostgresServer = {
  port: number;
  pid: number;
  /** The actual folder. Differs from the option when the user that runs Postgres cannot enter that one. */
  dataDir: string;
  url(database: string): string;
  /** Does nothing when the database exists. */
  createDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a real PostgreSQL 18 that listens on 127.0.0.1 only and accepts any password. Keeps the data of earlier runs. First
 * stops a server that a killed Node process left running on it. Throws when the port is taken (the message names the
 * process) and when a running program uses the data.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const runAs = await chooseUser();
  const binaries = await locateBinaries(runAs);
  const dataDir = await dataFolderOf(options.dataDir);
  await stopOrphanedServer(dataDir);
  const port = options.port || (await freePort());
  const [taken] = await describeTakenPorts([port]);
  if (taken) throw new Error(`Postgres cannot start: ${taken}.`);
  if (!(await exists(join(dataDir, "PG_VERSION")))) {
    await createCluster(binaries, dataDir, runAs, options);
  }
  const server = await launch(binaries, dataDir, port, runAs, options);
  const url = (database: string) =>
    `postgres://postgres:local@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return { ...server, port, dataDir, url, createDatabase: (name) => createDatabase(url("postgres"), name) };
}

/** The folder that `startPostgres` uses for `dataDir`, before or after a start. */
export async function dataFolderOf(dataDir: string): Promise<string> {
  return await reachableFolder(absolute(dataDir), await chooseUser());
}

/** Runs initdb in a temporary folder and renames it, so that an interrupted run leaves no broken cluster. */
async function createCluster(
  binaries: string,
  dataDir: string,
  runAs: RunAs,
  { fast = false }: PostgresOptions,
): Promise<void> {
  const temporary = `${dataDir}.new`;
  // As Neon makes a project: the built-in C.UTF-8 sorts and folds case in the same way on every machine.
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"];
  const flags = ["--username=postgres", "--auth=trust", "--no-instructions", ...(fast ? ["--no-sync"] : [])];
  const options = { ...runAs, cwd: "/", env: SERVER_ENV };
  const initdb = async (...more: string[]) => {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { mode: 0o700 });
    if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(temporary, runAs.uid, runAs.gid);
    await run(join(binaries, "initdb"), [`--pgdata=${temporary}`, ...flags, ...locale, ...more], options);
  };
  try {
    // What is a letter, for trigrams and text search: in plain C Cyrillic has none.
    await initdb("--lc-ctype=C.UTF-8");
  } catch (error) {
    // Not every system has this locale.
    if (!/locale/.test(String(error))) throw error;
    await initdb();
  }
  await rm(dataDir, { recursive: true, force: true });
  await rename(temporary, dataDir);
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
    if (lines.push(line) > LOG_LINES_IN_ERROR) lines.shift();
    log?.(line);
  });
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  // Otherwise the server would keep running when Node exits by an exception.
  const stopWithNode = () => child.kill("SIGINT");
  process.once("exit", stopWithNode);
  let started = false;
  let stopping = false;
  void exited.then((reason) => {
    process.removeListener("exit", stopWithNode);
    if (started && !stopping) onExit?.(reason);
  });

  const stop = async () => {
    stopping = true;
    if (child.pid && !hasExited(child)) await terminateProcess(child.pid, STOP_SIGNALS, STOP_GRACE_MS);
    await exited;
  };
  const failure = await Promise.race([exited, whenReady(dataDir, child)]);
  if (failure !== null) {
    await stop();
    // Backends of a killed server are still shutting down.
    if (lines.some((line) => line.includes("is still in use")) && attempt < START_ATTEMPTS) {
      await sleep(START_RETRY_MS);
      return await launch(binaries, dataDir, port, runAs, options, attempt + 1);
    }
    throw new Error(`Postgres did not start (${failure}):\n${lines.join("\n")}`);
  }
  started = true;
  return { pid: child.pid ?? 0, stop };
}

/** Resolves to null when the server accepts connections (its pid file then says "ready", as pg_ctl checks), or to a reason. */
async function whenReady(dataDir: string, child: ChildProcess): Promise<string | null> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS && !hasExited(child); waitedMs += POLL_MS) {
    const { pid, status } = await readPidFile(dataDir);
    if (pid === child.pid && status === "ready") return null;
    await sleep(POLL_MS);
  }
  return `not ready after ${START_TIMEOUT_MS / 1000} s`;
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
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
