import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startCron } from "./cron.ts";
import { addDemoChats } from "./demo-chats.ts";
import { addDemoData } from "./demo-data.ts";
import { addDemoTemplates } from "./demo-templates.ts";
import { type LocalPorts, loadDevVars } from "./dev-vars.ts";
import { type DemoAgent, startPage } from "./local-page.ts";
import { migrate } from "./migrate.ts";
import { startNeonEndpoint } from "./neon-endpoint.ts";
import { describeTakenPorts } from "./ports.ts";
import { dataFolderOf } from "./postgres.ts";
import { stopOrphanedServer } from "./postgres-pid-file.ts";
import { startSupervisedPostgres } from "./postgres-supervisor.ts";
import { startSimulator } from "./simulator/simulator.ts";
import { startWorker, stopOrphanedWorker } from "./worker.ts";
import type { bundleWorker } from "./worker-bundle.ts";
import { watchSources } from "./worker-watch.ts";

const DATABASE = "waba";

export type LocalModeOptions = {
  configPath: string;
  devVarsPath: string;
  distDir: string;
  dataDir: string;
  ports: LocalPorts;
  /** For tests: the database never waits for the disk. */
  fast?: boolean;
  /** Delete all data of earlier runs first. */
  fresh: boolean;
  /** The folder whose changes rebuild the Worker; null does not watch. */
  watchDir: string | null;
  /** Whether to build and serve the page. */
  hasPage: boolean;
  /** For tests: what builds the page into a folder, unless `buildPage` does. */
  buildPage?: (outDir: string) => Promise<void>;
  /** For tests: what builds the Worker, unless `bundleWorker` does. */
  buildWorker?: typeof bundleWorker;
  /** Whether people shall have written to phone 1 when there are no chats yet. */
  hasDemoChats?: boolean;
  /** Receives the Worker's log lines and our own. */
  log: (line: string) => void;
  /** When aborted during the start, `startLocalMode` stops what already runs and rejects. */
  signal: AbortSignal;
};

/** `demoAgents`: empty without the page. */
export type LocalMode = { demoAgents: DemoAgent[]; close(): Promise<void> };

/**
 * Starts the whole system on this machine: Postgres with the newest migrations and the demo data, the Neon endpoint, the
 * simulator of Meta, the page and the Worker. First stops processes that a killed earlier run left behind. When one part fails to
 * start, stops those before it. Throws before it starts anything when ports are taken, and names all of them.
 */
export async function startLocalMode(options: LocalModeOptions): Promise<LocalMode> {
  const { dataDir, ports, fast = false, log, signal } = options;
  const postgresDir = join(dataDir, "postgres");
  const workerDir = join(dataDir, "worker");
  await stopOrphanedWorker(workerDir, ports.worker);
  // Fails when another local mode is running: the check of the ports gives a better message.
  await stopOrphanedServer(await dataFolderOf(postgresDir)).catch(() => undefined);
  const taken = await describeTakenPorts(Object.values(ports));
  if (taken.length > 0) throw new Error(`${taken.join("\n")}\nLocal mode needs these ports.`);

  const folders = options.fresh ? [await dataFolderOf(postgresDir), dataDir] : [];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  const vars = await loadDevVars(options.devVarsPath, ports);

  // Meanwhile Postgres starts.
  const building = options.hasPage
    ? startPage(join(dataDir, "page"), vars, options.watchDir !== null, options.buildPage)
    : Promise.resolve(null);
  building.catch(() => undefined);

  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const stop of closers.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        // Stop the others too.
        log(error instanceof Error ? error.message : String(error));
      }
    }
  };
  try {
    const postgresLog = createWriteStream(join(dataDir, "postgres.log"));
    const logPostgres = (line: string) => postgresLog.write(`${line}\n`);
    const postgres = await startSupervisedPostgres(
      { dataDir: postgresDir, port: ports.postgres, fast, log: logPostgres },
      log,
    );
    closers.push(() => postgres.close());
    signal.throwIfAborted();
    await postgres.createDatabase(DATABASE);
    await migrate(postgres.url(DATABASE));
    await addDemoData(postgres.url(DATABASE));

    const neon = await startNeonEndpoint({ port: ports.neon, postgresPort: ports.postgres });
    closers.push(() => neon.close());
    const simulator = await startSimulator({
      port: ports.simulator,
      appSecret: vars.META_APP_SECRET?.split(",")[0] ?? "",
      webhookUrl: `http://127.0.0.1:${ports.worker}/api/waba/webhook`,
      dataFile: join(dataDir, "simulator.sqlite"),
      log,
    });
    closers.push(() => simulator.close());
    signal.throwIfAborted();

    const { configPath, distDir, watchDir, buildWorker } = options;
    const page = await building;
    const worker = await startWorker({
      configPath,
      distDir,
      assetsDir: page?.dir ?? null,
      dataDir: workerDir,
      port: ports.worker,
      vars,
      log,
      ...(buildWorker && { build: buildWorker }),
    });
    closers.push(() => worker.close());
    closers.push(startCron(worker.url, worker.crons, log));
    if (watchDir) closers.push(watchSources(watchDir, () => worker.reload(), log));
    if (page?.follow) closers.push(page.follow(() => worker.reloadPage(), log));
    const admin = page?.agents.find(({ role }) => role === "admin");
    if (options.hasDemoChats && (await addDemoChats(postgres.url(DATABASE), simulator.url)) && admin)
      await addDemoTemplates(simulator.url, worker.url, admin.token);
    signal.throwIfAborted();
    return { demoAgents: page?.agents ?? [], close };
  } catch (error) {
    await close();
    throw error;
  }
}
