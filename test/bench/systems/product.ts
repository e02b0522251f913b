import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, open, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate } from "../../../src/local/migrate.ts";
import { freePort } from "../../../src/local/ports.ts";
import type { PostgresServer } from "../../../src/local/postgres.ts";
import { bundleWorker } from "../../../src/local/worker-bundle.ts";
import { ROOT, SCRATCH, settings } from "../settings.ts";
import { insertPhones } from "./database.ts";
import { emptyFolder } from "./folders.ts";
import { startNodeProcess } from "./node-process.ts";
import type { System } from "./system.ts";
import { workerdConfig } from "./workerd-config.ts";

const CONFIG = join(ROOT, "wrangler.toml");
const START_TIMEOUT_MS = 20_000;
const STOP_GRACE_MS = 5_000;
const POLL_MS = 50;

/** Built once per run. */
let bundle: Promise<string[]> | null = null;

/**
 * Starts the product as it is deployed: the production bundle on a bare workerd, with its own Neon endpoint and a migrated
 * database with sixteen phones of organization 1. Writes its log to a file in the scratch folder.
 */
export async function startProduct(postgres: PostgresServer, graphUrl: string): Promise<System> {
  const databaseUrl = postgres.url("product");
  await postgres.createDatabase("product");
  await migrate(databaseUrl);
  await insertPhones(databaseUrl, "wabaPhoneNumberId");

  const neonScript = join(import.meta.dirname, "neon-endpoint.ts");
  const neon = await startNodeProcess(neonScript, { POSTGRES_PORT: String(postgres.port) });
  try {
    const vars = settings(`postgres://postgres:local@127.0.0.1:${neon.port}/product`, graphUrl);
    const { child, port, pid } = await startWorkerd(vars);
    const stop = async () => {
      await stopChild(child);
      await neon.stop();
    };
    return { name: "product", port, databaseUrl, pid, endpointPid: neon.pid, stop };
  } catch (error) {
    await neon.stop();
    throw error;
  }
}

async function startWorkerd(vars: Record<string, string>) {
  bundle ??= bundleWorker(CONFIG, join(SCRATCH, "bundle")).then((modules) => modules.map(({ path }) => path));
  const modules = await bundle;
  const folder = await emptyFolder(join(SCRATCH, "workerd"));
  for (const path of modules) await cp(path, join(folder, basename(path)));
  const storageDir = await emptyFolder(join(folder, "storage"));
  const port = await freePort();
  const configFile = join(folder, "config.capnp");
  const names = modules.map((path) => basename(path));
  await writeFile(configFile, workerdConfig({ configPath: CONFIG, modules: names, port, storageDir, vars }));

  const logFile = join(folder, "workerd.log");
  const log = await open(logFile, "w");
  const child = spawn(workerdBinary(), ["serve", configFile, "--experimental"], {
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  const killWithNode = () => child.kill("SIGKILL");
  process.once("exit", killWithNode);
  child.once("exit", () => process.removeListener("exit", killWithNode));
  if (!(await waitUntilHealthy(child, port))) {
    await stopChild(child);
    throw new Error(`workerd did not start:\n${(await readFile(logFile, "utf8")).slice(-2_000)}`);
  }
  return { child, port, pid: child.pid ?? 0 };
}

/** Resolves workerd from wrangler, since it is a dependency of wrangler, not ours. */
function workerdBinary(): string {
  const fromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return fromWrangler.resolve("workerd/bin/workerd");
}

/** False when workerd exits or does not respond in time. */
async function waitUntilHealthy(child: ChildProcess, port: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS && child.exitCode === null; waitedMs += POLL_MS) {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    await response?.arrayBuffer();
    if (response?.ok) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const hasExited = await Promise.race([
    exited.then(() => true),
    sleep(STOP_GRACE_MS, false, { ref: false }),
  ]);
  if (!hasExited) child.kill("SIGKILL");
  await exited;
}
