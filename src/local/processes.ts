import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;

/** False for a zombie too: it holds no resources, and a container may never reap it. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return (await statFields(pid))?.[0] !== "Z";
}

/** The program's name without its folder ("node", "postgres"); null when unknown. */
export async function commandOf(pid: number): Promise<string | null> {
  const line = await commandLineOf(pid);
  // Postgres sets its process title to "postgres: …".
  const program = line?.split("\0")[0]?.split(/:? /)[0];
  return program ? basename(program) : null;
}

/** Whether the Node process that started this one has exited: the parent is then another process, usually 1. */
export async function isOrphan(pid: number): Promise<boolean> {
  const parent = await parentOf(pid);
  return parent === null || parent === 1 || (await commandOf(parent)) !== "node";
}

/** The parent's pid; null for a process that has exited. */
export async function parentOf(pid: number): Promise<number | null> {
  const fields = await statFields(pid);
  if (fields) return Number(fields[1]);
  const shown = Number(await ps(pid, "ppid="));
  return shown > 0 ? shown : null;
}

/** A process's working directory from /proc; null where that cannot be read. */
export async function workingFolderOf(pid: number): Promise<string | null> {
  return await readlink(`/proc/${pid}/cwd`).catch(() => null);
}

/**
 * Sends the signals one after another until the process has exited, and waits up to `graceMs` after each. Resumes a stopped
 * process first, since that one would handle no signal but SIGKILL.
 */
export async function terminateProcess(
  pid: number,
  signals: NodeJS.Signals[],
  graceMs: number,
): Promise<void> {
  for (const signal of signals) {
    for (const each of ["SIGCONT", signal] as const) {
      try {
        process.kill(pid, each);
      } catch {
        return;
      }
    }
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += POLL_MS) {
      if (!(await isAlive(pid))) return;
      await sleep(POLL_MS);
    }
  }
}

/** Separates arguments by NUL with /proc, by spaces without it. */
async function commandLineOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  return line || (await ps(pid, "command="));
}

/** The fields after the name in /proc/<pid>/stat: state, parent, …; the name may contain any character. */
async function statFields(pid: number): Promise<string[] | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function ps(pid: number, column: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile("ps", ["-p", String(pid), "-o", column], (error, out) => resolve(error ? null : out.trim()));
  });
}
