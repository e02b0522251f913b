import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import {
  unstable_getMiniflareWorkerOptions as miniflareOptionsOf,
  unstable_readConfig as readConfig,
} from "wrangler";
import { holderOf } from "./ports.ts";
import { commandOf, endProcess, isOrphan } from "./processes.ts";
import { bundleWorker } from "./worker-bundle.ts";

export type WorkerOptions = {
  /** The wrangler.toml: bindings, variables, compatibility date and flags come from there. */
  configPath: string;
  /** The bundle goes to `worker` under here. */
  distDir: string;
  /** Objects' and buckets' storage, kept from run to run. */
  dataDir: string;
  port: number;
  /** Secrets and variables over those of the file. */
  vars: Record<string, string>;
  /** What the Worker logs, line by line as it is. */
  log: (line: string) => void;
  /** Constants of the build over those of the file. */
  define?: Record<string, string>;
  /** Bindings of the Worker to functions of this process. */
  services?: Record<string, (request: Request) => Promise<Response>>;
};

export type LocalWorker = {
  url: string;
  /** The schedules of the file, as cron expressions. */
  crons: string[];
  /** Builds anew and restarts with it; sockets are closed, as by a deployment. Throws when it does not build. */
  reload(): Promise<void>;
  close(): Promise<void>;
};

/** Builds the Worker and runs it in workerd, started by Miniflare: four times as fast as under `wrangler dev`. */
export async function startWorker(options: WorkerOptions): Promise<LocalWorker> {
  const { configPath, dataDir, port } = options;
  await mkdir(dataDir, { recursive: true });
  const description = await describeWorker(options, () => void recordPid(dataDir, port));
  const miniflare = withoutSignalHandlers(() => new Miniflare(description));
  const url = (await miniflare.ready).origin;
  await recordPid(dataDir, port);
  const { triggers } = readConfig({ config: configPath }, { hideWarnings: true });
  return {
    url,
    crons: triggers.crons ?? [],
    async reload() {
      await miniflare.setOptions(await describeWorker(options, () => void recordPid(dataDir, port)));
      await recordPid(dataDir, port);
    },
    async close() {
      await miniflare.dispose();
      await rm(pidFile(dataDir), { force: true });
    },
  };
}

/** Ends the workerd that a killed Node has left on the port. Does nothing when there is none, or its Node lives. */
export async function endLeftoverWorker(dataDir: string, port: number): Promise<void> {
  const pid = Number(await readFile(pidFile(dataDir), "utf8").catch(() => "0"));
  if (!pid || (await commandOf(pid)) !== "workerd" || !(await isOrphan(pid))) return;
  if ((await holderOf(port))?.pid === pid) await endProcess(pid, ["SIGKILL"], 5_000);
}

async function describeWorker(options: WorkerOptions, onRestart: () => void) {
  const { configPath, distDir, dataDir, port, vars, log, define, services } = options;
  const outDir = join(distDir, "worker");
  const modules = await bundleWorker(configPath, outDir, define);
  const config = readConfig({ config: configPath }, { hideWarnings: true });
  const { workerOptions } = miniflareOptionsOf(config);
  return convertV4MiniflareOptions({
    ...workerOptions,
    name: config.name ?? "worker",
    rootPath: dirname(configPath),
    modules,
    modulesRoot: outDir,
    bindings: Object.assign({}, workerOptions.bindings, vars),
    ...(services && { serviceBindings: services }),
    host: "127.0.0.1",
    port,
    // No look-up of this machine's place at Cloudflare's, no usage report.
    cf: false,
    telemetry: { enabled: false },
    // Lets `/cdn-cgi/local/scheduled` fire a schedule.
    unsafeTriggerHandlers: true,
    unsafeHandleRuntimeRestart: onRestart,
    resourcePersistencePath: dataDir,
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ message }) => log(message),
  });
}

/**
 * Miniflare ends the whole program at the first SIGINT or SIGTERM, before anything else could be closed in order.
 * Its other safeguard stays: workerd is killed when Node exits.
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

/** Miniflare does not tell which process it started; it is the one on the port. */
async function recordPid(dataDir: string, port: number): Promise<void> {
  const holder = await holderOf(port);
  if (holder) await writeFile(pidFile(dataDir), String(holder.pid)).catch(() => undefined);
}

function pidFile(dataDir: string): string {
  return join(dataDir, "workerd.pid");
}
