import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findListener } from "./ports.ts";
import { commandOf, isOrphan, terminateProcess } from "./processes.ts";
import { bundleWorker, type WorkerModule } from "./worker-bundle.ts";
import { loadMiniflare, loadWrangler } from "./wrangler.ts";

export type WorkerOptions = {
  /** The wrangler.toml, which defines bindings, variables, compatibility date and flags. */
  configPath: string;
  /** The bundle is written to `worker` in this folder. */
  distDir: string;
  /** The built page. Null: the Worker has no static assets. */
  assetsDir?: string | null;
  /** The storage of objects and buckets, kept between runs. */
  dataDir: string;
  port: number;
  /** Secrets, and variables that override those of the file. */
  vars: Record<string, string>;
  /** Receives what the Worker logs, line by line, and when workerd has exited and runs again. */
  log: (line: string) => void;
  /** Build constants that override those of the file. */
  define?: Record<string, string>;
  /** Builds the Worker, unless `bundleWorker` does. */
  build?: typeof bundleWorker;
  /** Service bindings that this process implements. */
  services?: Record<string, (request: Request) => Promise<Response>>;
};

export type LocalWorker = {
  url: string;
  /** The file's schedules, as cron expressions. */
  crons: string[];
  /** Rebuilds and restarts the Worker, which closes all sockets, as a deployment does. Throws when the build fails. */
  reload(): Promise<void>;
  /** Restarts the Worker with what `assetsDir` holds now. */
  reloadPage(): Promise<void>;
  close(): Promise<void>;
};

/** Builds the Worker and runs it in workerd through Miniflare, which serves four times as many requests as `wrangler dev`. */
export async function startWorker(options: WorkerOptions): Promise<LocalWorker> {
  const { configPath, dataDir, port, log } = options;
  await mkdir(dataDir, { recursive: true });
  const onRestart = () => {
    log("workerd exited, restarted it.");
    void recordPid(dataDir, port);
  };
  let modules = await buildModules(options);
  const { Miniflare } = loadMiniflare();
  const runtime = withoutSignalHandlers(() => new Miniflare(describeWorker(options, modules, onRestart)));
  const url = (await runtime.ready).origin;
  await recordPid(dataDir, port);
  const restart = async () => {
    await runtime.setOptions(describeWorker(options, modules, onRestart));
    await recordPid(dataDir, port);
  };
  const { triggers } = loadWrangler().unstable_readConfig({ config: configPath }, { hideWarnings: true });
  return {
    url,
    crons: triggers.crons ?? [],
    async reload() {
      modules = await buildModules(options);
      await restart();
    },
    reloadPage: restart,
    async close() {
      await runtime.dispose();
      await rm(pidFile(dataDir), { force: true });
    },
  };
}

/** Stops a workerd that a killed Node process left on the port. Does nothing when there is none or its parent is alive. */
export async function stopOrphanedWorker(dataDir: string, port: number): Promise<void> {
  const pid = Number(await readFile(pidFile(dataDir), "utf8").catch(() => "0"));
  if (!pid || (await commandOf(pid)) !== "workerd" || !(await isOrphan(pid))) return;
  if ((await findListener(port))?.pid === pid) await terminateProcess(pid, ["SIGKILL"], 5_000);
}

async function buildModules(options: WorkerOptions): Promise<WorkerModule[]> {
  const { configPath, distDir, define, build = bundleWorker } = options;
  return await build(configPath, outDirOf(distDir), define);
}

function outDirOf(distDir: string): string {
  return join(distDir, "worker");
}

function describeWorker(options: WorkerOptions, modules: WorkerModule[], onRestart: () => void) {
  const { configPath, distDir, assetsDir = null, dataDir, port, vars, log, services } = options;
  const { unstable_readConfig: readConfig, unstable_getMiniflareWorkerOptions: miniflareOptionsOf } =
    loadWrangler();
  const config = readConfig({ config: configPath }, { hideWarnings: true });
  const {
    workerOptions: { assets, ...workerOptions },
  } = miniflareOptionsOf(config);
  const { convertV4MiniflareOptions, Log, LogLevel } = loadMiniflare();
  return convertV4MiniflareOptions({
    ...workerOptions,
    name: config.name ?? "worker",
    rootPath: dirname(configPath),
    modules,
    modulesRoot: outDirOf(distDir),
    ...(assets !== undefined && assetsDir !== null
      ? { assets: Object.assign({}, assets, { directory: assetsDir }) }
      : {}),
    bindings: Object.assign({}, workerOptions.bindings, vars),
    ...(services && { serviceBindings: services }),
    host: "127.0.0.1",
    port,
    // No request to Cloudflare for this machine's location, no usage report.
    cf: false,
    telemetry: { enabled: false },
    // Enables `/cdn-cgi/local/scheduled`, which triggers a schedule.
    unsafeTriggerHandlers: true,
    unsafeHandleRuntimeRestart: onRestart,
    resourcePersistencePath: dataDir,
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ message }) => log(message),
  });
}

/**
 * Miniflare exits the process on the first SIGINT or SIGTERM, before other parts can shut down. Removes those handlers;
 * Miniflare still kills workerd when Node exits.
 */
function withoutSignalHandlers<T>(work: () => T): T {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  const result = work();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!before.has(listener)) process.removeListener(signal, listener);
    }
  }
  return result;
}

/** Miniflare does not expose the pid of workerd, so it is found by its port. */
async function recordPid(dataDir: string, port: number): Promise<void> {
  const listener = await findListener(port);
  if (listener) await writeFile(pidFile(dataDir), String(listener.pid)).catch(() => undefined);
}

function pidFile(dataDir: string): string {
  return join(dataDir, "workerd.pid");
}
