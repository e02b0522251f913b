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
import { PHONES, ROOT, SCRATCH, settings } from "../settings.ts";
import { runSql } from "./database.ts";
import { emptyFolder } from "./folders.ts";
import { startNodeProcess } from "./node-process.ts";
import type { System } from "./system.ts";
import { workerdConfig } from "./workerd-config.ts";

const CONFIG = join(ROOT, "wrangler.toml");
const START_LIMIT_MS = 20_000;
const STOP_GRACE_MS = 5_000;

/** Built once for all workloads of a run. */
let bundle: Promise<string[]> | null = null;

/**
 * The product as it is deployed: the production bundle on a bare workerd, before a Neon endpoint of its own and a migrated
 * database with sixteen numbers of organization 1. Its log goes to a file in the scratch folder.
 */
export async function startProduct(postgres: PostgresServer, graphUrl: string): Promise<System> {
  const databaseUrl = postgres.url("product");
  await postgres.createDatabase("product");
  await migrate(databaseUrl);
  await runSql(databaseUrl, seedPhones());

  const neonScript = join(import.meta.dirname, "neon-endpoint.ts");
  const neon = await startNodeProcess(neonScript, { POSTGRES_PORT: String(postgres.port) });
  try {
    const vars = settings(`postgres://postgres:local@127.0.0.1:${neon.port}/product`, graphUrl);
    const { child, port, pid } = await startWorkerd(vars);
    const stop = async () => {
      await endChild(child);
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
  const endWithNode = () => child.kill("SIGKILL");
  process.once("exit", endWithNode);
  child.once("exit", () => process.removeListener("exit", endWithNode));
  if (!(await isServing(child, port))) {
    await endChild(child);
    throw new Error(`workerd did not start:\n${(await readFile(logFile, "utf8")).slice(-2_000)}`);
  }
  return { child, port, pid: child.pid ?? 0 };
}

/** workerd is a dependency of wrangler, not ours: it is resolved from there. */
function workerdBinary(): string {
  const fromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return fromWrangler.resolve("workerd/bin/workerd");
}

async function isServing(child: ChildProcess, port: number): Promise<boolean> {
  for (let waited = 0; waited < START_LIMIT_MS && child.exitCode === null; waited += 50) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return true;
    await sleep(50);
  }
  return false;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const ended = await Promise.race([exited.then(() => true), sleep(STOP_GRACE_MS, false, { ref: false })]);
  if (!ended) child.kill("SIGKILL");
  await exited;
}

function seedPhones(): string {
  const rows = PHONES.map(
    ({ id, phoneNumber, phoneNumberId }) =>
      `(${id}, 1, 'Number ${id}', '${phoneNumber}', '${phoneNumberId}', '123456789012345')`,
  );
  return `insert into "OrganizationPhone" (id, "organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
    values ${rows.join(", ")}`;
}
