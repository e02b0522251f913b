import { readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { commandOf, endProcess, isAlive, isOrphan, parentOf, workingFolderOf } from "./processes.ts";

/** Fast shutdown, immediate shutdown (recovery at the next start), the end. */
export const STOP_SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGKILL"];
export const STOP_GRACE_MS = 5_000;

/**
 * What a server says of itself in its data folder; `pid` null when there is no such file. The lines are named at
 * https://www.postgresql.org/docs/18/storage-file-layout.html: pid first, status eighth ("ready").
 */
export async function readPidFile(dataDir: string): Promise<{ pid: number | null; status: string }> {
  const text = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  return { pid: Number(lines[0]) || null, status: lines[7]?.trim() ?? "" };
}

/**
 * Ends the server that still runs on a data folder after its Node was killed. Does nothing when there is none.
 * Throws when the Node that started it is still there: then the data is in use.
 */
export async function endLeftoverServer(dataDir: string): Promise<void> {
  const { pid } = await readPidFile(dataDir);
  if (pid === null) return;
  if (!(await isAlive(pid)) || !(await worksOn(pid, dataDir))) {
    // A zombie, or the pid of an earlier boot that is somebody else's now: Postgres would take both for a server.
    // Should backends of a killed server be left, it still finds them by its shared memory.
    await rm(join(dataDir, "postmaster.pid"));
    return;
  }
  if (!(await isOrphan(pid))) {
    throw new Error(`The database in ${dataDir} is in use by node (pid ${await parentOf(pid)}).`);
  }
  await endProcess(pid, STOP_SIGNALS, STOP_GRACE_MS);
}

/** A server works inside its data folder; where that cannot be read (no /proc), its name must do. */
async function worksOn(pid: number, dataDir: string): Promise<boolean> {
  if ((await commandOf(pid)) !== "postgres") return false;
  const folder = await workingFolderOf(pid);
  return folder === null || folder === (await realpath(dataDir));
}
