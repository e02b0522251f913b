import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;

/** False also for a zombie: in a container nobody may ever collect it, and it holds nothing any more. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return (await statFields(pid))?.[0] !== "Z";
}

/** The program's name without its folder ("node", "postgres"), or null when it cannot be told. */
export async function commandOf(pid: number): Promise<string | null> {
  const line = await commandLineOf(pid);
  // Postgres rewrites its title to "postgres: …", a script may run as "-bash".
  const program = line?.split("\0")[0]?.split(/:? /)[0];
  return program ? basename(program) : null;
}

/** Whether the Node that started a process is gone: its children go to another parent, mostly to process 1. */
export async function isOrphan(pid: number): Promise<boolean> {
  const parent = await parentOf(pid);
  return parent === null || parent === 1 || (await commandOf(parent)) !== "node";
}

/** The parent's pid; null for a process that is gone. */
export async function parentOf(pid: number): Promise<number | null> {
  const fields = await statFields(pid);
  if (fields) return Number(fields[1]);
  const shown = Number(await ps(pid, "ppid="));
  return shown > 0 ? shown : null;
}

/** The folder a process works in, by /proc; null where that cannot be read. */
export async function workingFolderOf(pid: number): Promise<string | null> {
  return await readlink(`/proc/${pid}/cwd`).catch(() => null);
}

/**
 * Sends each signal in turn and waits after each for the process to be gone, `graceMs` at most.
 * A stopped process is woken first: it would not take any signal but SIGKILL.
 */
export async function endProcess(pid: number, signals: NodeJS.Signals[], graceMs: number): Promise<void> {
  for (const signal of signals) {
    for (const each of ["SIGCONT", signal] as const) {
      try {
        process.kill(pid, each);
      } catch {
        return;
      }
    }
    for (let waited = 0; waited < graceMs; waited += POLL_MS) {
      if (!(await isAlive(pid))) return;
      await sleep(POLL_MS);
    }
  }
}

/** Arguments are separated by NUL where /proc tells them, by blanks elsewhere. */
async function commandLineOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  return line || (await ps(pid, "command="));
}

/** What follows the name in /proc/<pid>/stat: state, parent, …; the name itself may hold any character. */
async function statFields(pid: number): Promise<string[] | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function ps(pid: number, column: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile("ps", ["-p", String(pid), "-o", column], (error, out) => resolve(error ? null : out.trim()));
  });
}
