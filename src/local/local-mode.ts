import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startCron } from "./cron.ts";
import { addDemoData } from "./demo-data.ts";
import { type LocalPorts, loadDevVars } from "./dev-vars.ts";
import { migrate } from "./migrate.ts";
import { startNeonEndpoint } from "./neon-endpoint.ts";
import { describeTaken } from "./ports.ts";
import { dataFolderOf } from "./postgres.ts";
import { keepPostgres } from "./postgres-keeper.ts";
import { endLeftoverServer } from "./postgres-pid-file.ts";
import { startSimulator } from "./simulator/simulator.ts";
import { endLeftoverWorker, startWorker } from "./worker.ts";
import { watchSources } from "./worker-watch.ts";

const DATABASE = "waba";

export type LocalModeOptions = {
  configPath: string;
  devVarsPath: string;
  distDir: string;
  dataDir: string;
  ports: LocalPorts;
  /** Throw away all data of earlier runs first. */
  fresh: boolean;
  /** The folder whose changes rebuild the Worker; null for none. */
  watchDir: string | null;
  /** The Worker's log lines, and what happens to the parts. */
  log: (line: string) => void;
  /** Aborted while starting: what runs already is ended, and `startLocalMode` rejects. */
  signal: AbortSignal;
};

export type LocalMode = { close(): Promise<void> };

/**
 * Starts the whole system on this machine: Postgres with the newest migrations and the demo data, the Neon
 * endpoint, the simulator of Meta, and the Worker. Ends first what a killed earlier run left behind. When one part
 * cannot start, those before it are ended again. Throws before anything is started when ports are taken, naming all.
 */
export async function startLocalMode(options: LocalModeOptions): Promise<LocalMode> {
  const { dataDir, ports, log, signal } = options;
  const postgresDir = join(dataDir, "postgres");
  const workerDir = join(dataDir, "worker");
  await endLeftoverWorker(workerDir, ports.worker);
  // Refused when another local mode runs: the ports below tell that better.
  await endLeftoverServer(await dataFolderOf(postgresDir)).catch(() => undefined);
  const taken = await describeTaken(Object.values(ports));
  if (taken.length > 0) throw new Error(`${taken.join("\n")}\nLocal mode needs these ports.`);

  const folders = options.fresh ? [await dataFolderOf(postgresDir), dataDir] : [];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  const vars = await loadDevVars(options.devVarsPath, ports);

  const started: (() => unknown)[] = [];
  const close = async () => {
    for (const end of started.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        // The others end all the same.
        log(error instanceof Error ? error.message : String(error));
      }
    }
  };
  try {
    const postgresLog = createWriteStream(join(dataDir, "postgres.log"));
    const logPostgres = (line: string) => postgresLog.write(`${line}\n`);
    const postgres = await keepPostgres(
      { dataDir: postgresDir, port: ports.postgres, log: logPostgres },
      log,
    );
    started.push(() => postgres.close());
    signal.throwIfAborted();
    await postgres.createDatabase(DATABASE);
    await migrate(postgres.url(DATABASE));
    await addDemoData(postgres.url(DATABASE));

    const neon = await startNeonEndpoint({ port: ports.neon, postgresPort: ports.postgres });
    started.push(() => neon.close());
    const simulator = await startSimulator({
      port: ports.simulator,
      appSecret: vars.META_APP_SECRET?.split(",")[0] ?? "",
      webhookUrl: `http://127.0.0.1:${ports.worker}/api/waba/webhook`,
      dataFile: join(dataDir, "simulator.sqlite"),
      log,
    });
    started.push(() => simulator.close());
    signal.throwIfAborted();

    const { configPath, distDir, watchDir } = options;
    const worker = await startWorker({
      configPath,
      distDir,
      dataDir: workerDir,
      port: ports.worker,
      vars,
      log,
    });
    started.push(() => worker.close());
    started.push(startCron(worker.url, worker.crons, log));
    if (watchDir) started.push(watchSources(watchDir, () => worker.reload(), log));
    signal.throwIfAborted();
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}
