import { readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { commandOf, isAlive, isOrphan, parentOf, terminateProcess, workingFolderOf } from "./processes.ts";

/** Fast shutdown, immediate shutdown (with recovery at the next start), kill. */
export const STOP_SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGKILL"];
export const STOP_GRACE_MS = 5_000;

/**
 * Reads the file that a server writes into its data folder; `pid` is null when the file does not exist. Line 1 is the pid,
 * line 8 the status ("ready"): https://www.postgresql.org/docs/18/storage-file-layout.html.
 */
export async function readPidFile(dataDir: string): Promise<{ pid: number | null; status: string }> {
  const text = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  return { pid: Number(lines[0]) || null, status: lines[7]?.trim() ?? "" };
}

/**
 * Stops the server that still runs on a data folder after its Node process was killed. Does nothing when there is none.
 * Throws when that Node process is alive: the data is in use.
 */
export async function stopOrphanedServer(dataDir: string): Promise<void> {
  const { pid } = await readPidFile(dataDir);
  if (pid === null) return;
  if (!(await isAlive(pid)) || !(await isServerOf(pid, dataDir))) {
    // A zombie, or a pid from an earlier boot that another process has now: Postgres would refuse to start because of it.
    // It still detects remaining backends of a killed server by its shared memory.
    await rm(join(dataDir, "postmaster.pid"));
    return;
  }
  if (!(await isOrphan(pid))) {
    throw new Error(`The database in ${dataDir} is in use by node (pid ${await parentOf(pid)}).`);
  }
  await terminateProcess(pid, STOP_SIGNALS, STOP_GRACE_MS);
}

/** A server's working directory is its data folder. Without /proc only the command's name is checked. */
async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  if ((await commandOf(pid)) !== "postgres") return false;
  const folder = await workingFolderOf(pid);
  return folder === null || folder === (await realpath(dataDir));
}
