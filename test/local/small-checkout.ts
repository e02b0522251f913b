import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inject, onTestFinished } from "vitest";
import type { LocalPorts } from "../../src/local/dev-vars.ts";
import { copyCluster } from "./copy-cluster.ts";
import { freePorts } from "./free-ports.ts";
import { newFolder } from "./temporary-folder.ts";

const SOURCE = join(import.meta.dirname, "../../src/local");
/** The folder of the data of local mode. */
const DATA = ".local";
const ROOM = `import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {
  count() {
    const { sql } = this.ctx.storage;
    sql.exec("create table if not exists visit (id integer primary key)");
    sql.exec("insert into visit default values");
    return sql.exec("select count(*) as n from visit").one().n;
  }
}`;
const EXPORTS_ROOM = `export { Room } from "./room.ts";`;
export const WORKER = `${EXPORTS_ROOM}
export default {
  async fetch(request, env) {
    console.log("📥 WABA: A request");
    const visits = await env.ROOM.getByName("one").count();
    return Response.json({ visits, variable: env.VARIABLE, secret: env.META_APP_SECRET, version: 1 });
  },
  scheduled: ({ cron }) => console.log("cron " + cron),
};`;
const CONFIG = `name = "small"
main = "src/index.ts"
compatibility_date = "2026-08-01"
vars = { VARIABLE = "from the file" }
[triggers]
crons = ["* * * * *"]
[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room"]
`;

/** Has something done when the test ends, or the block whose hook calls it. */
type OnEnd = (work: () => void | Promise<void>) => void;

/** A checkout with a small Worker and its own ports. */
export async function checkout(onEnd: OnEnd = onTestFinished) {
  const root = await newFolder();
  onEnd(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "src"));
  await writeFile(join(root, "src/index.ts"), WORKER);
  await writeFile(join(root, "src/room.ts"), ROOM);
  await writeFile(join(root, "wrangler.toml"), CONFIG);
  const ports = await freePorts();
  return { root, ports };
}

/** Gives local mode in this folder a Postgres with the migrated database, as if it had started before. */
export async function giveCluster({ root }: { root: string }): Promise<void> {
  await copyCluster(inject("clusterDir"), join(root, DATA, "postgres"));
}

/** The checkout's Worker as one module, for those that start it unchanged: to build it takes longer than all else of a start. */
export async function buildSmallWorker(onEnd: OnEnd): Promise<string> {
  const builtDir = await newFolder();
  onEnd(() => rm(builtDir, { recursive: true, force: true }));
  await writeFile(join(builtDir, "index.js"), `${ROOM}\n${WORKER.replace(EXPORTS_ROOM, "")}`);
  return builtDir;
}

/** Local mode in its own Node process, the leader of a process group. Builds the Worker, or takes what is in `builtDir`. */
export function start(
  { root, ports }: { root: string; ports: LocalPorts },
  { builtDir, ...more }: { builtDir?: string; [option: string]: unknown } = {},
  onEnd: OnEnd = onTestFinished,
) {
  const options = {
    configPath: join(root, "wrangler.toml"),
    devVarsPath: join(root, ".dev.vars"),
    distDir: join(root, "dist"),
    dataDir: join(root, DATA),
    ports,
    fast: true,
    fresh: false,
    watchDir: null,
    hasPage: false,
    ...more,
  };
  const copy = `async (_, outDir) => {
    await cp(${JSON.stringify(builtDir)}, outDir, { recursive: true });
    return await modulesIn(outDir);
  }`;
  const script = `import { once } from "node:events";
    import { cp } from "node:fs/promises";
    import { stopSignal } from ${JSON.stringify(join(SOURCE, "stop-signal.ts"))};
    const signal = stopSignal();
    const { startLocalMode } = await import(${JSON.stringify(join(SOURCE, "local-mode.ts"))});
    const { modulesIn } = await import(${JSON.stringify(join(SOURCE, "worker-bundle.ts"))});
    const buildWorker = ${builtDir ? copy : "undefined"};
    const log = (line) => process.stdout.write(line + "\\n");
    try {
      const running = await startLocalMode({ ...${JSON.stringify(options)}, buildWorker, log, signal });
      log("ready");
      if (!signal.aborted) await once(signal, "abort");
      await running.close();
    } catch (error) {
      if (signal.aborted) process.exit(0);
      log(error.message);
      process.exit(1);
    }
    process.exit(0);`;
  const node = spawn(process.execPath, ["--input-type=module", "-e", script], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, WRANGLER_LOG: "error" },
  });
  const lines: string[] = [];
  createInterface({ input: node.stdout }).on("line", (line) => lines.push(line));
  onEnd(() => killGroup(node, "SIGKILL"));
  return { node, lines };
}

export function killGroup(node: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(node.pid ?? 0), signal);
  } catch {
    // The whole process group has exited.
  }
}

/** A zombie is not alive: it waits for process 1 to reap it. */
export function livingInGroup({ pid }: ChildProcess): string[] {
  const all = execFileSync("ps", ["-eo", "pgid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return all.map((line) => line.trim()).filter((line) => line.startsWith(`${pid} `) && !/^\d+ +Z/.test(line));
}
