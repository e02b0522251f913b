import { readdir, readFile } from "node:fs/promises";

/** The unit of /proc: `getconf CLK_TCK` is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

type Usage = { parent: number; ownMs: number; reapedMs: number };

/** The pids of all descendants of a process, without itself. */
export async function descendantsOf(root: number): Promise<number[]> {
  const all = await usages();
  return [...all.keys()].filter((pid) => pid !== root && descends(pid, root, all));
}

/** The CPU time of a process and its descendants, including those that exited, in ms. Accurate to 10 ms per process. */
export async function treeCpuMs(root: number): Promise<number> {
  const all = await usages();
  return [...all].reduce((sum, [pid, { ownMs, reapedMs }]) => {
    return descends(pid, root, all) ? sum + ownMs + reapedMs : sum;
  }, 0);
}

/**
 * The CPU time of a Postgres server with all its processes, in ms. Uses the scheduler's nanoseconds, so that a short round is
 * not lost in rounding. For exited processes only the postmaster's count in steps of 10 ms is available.
 */
export async function postgresCpuMs(postmaster: number): Promise<number> {
  const all = await usages();
  const living = [...all].filter(([pid, { parent }]) => pid === postmaster || parent === postmaster);
  const times = await Promise.all(
    living.map(async ([pid, { ownMs }]) => {
      const schedule = await readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => null);
      return schedule === null ? ownMs : Number(schedule.split(" ")[0]) / 1e6;
    }),
  );
  return times.reduce((sum, ms) => sum + ms, all.get(postmaster)?.reapedMs ?? 0);
}

/** The CPU time of a process with all its threads, in ms, from the scheduler. 0 for a process that has exited. */
export async function processCpuMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const times = await Promise.all(
    threads.map(async (thread) => {
      const schedule = await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8").catch(() => "0");
      return Number(schedule.split(" ")[0]) / 1e6;
    }),
  );
  return times.reduce((sum, ms) => sum + ms, 0);
}

/** The CPU time of the whole machine since its start, in ms: the time used by processes and by the host, and the total. */
export async function machineCpuMs(): Promise<{ busyMs: number; totalMs: number }> {
  const [first = ""] = (await readFile("/proc/stat", "utf8")).split("\n");
  // user, nice, system, idle, iowait, irq, softirq, steal; then guest times, which the first two include.
  const ticks = first.split(/\s+/).slice(1, 9).map(Number);
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = ticks;
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { busyMs: (user + nice + system + steal) * TICK_MS, totalMs: total * TICK_MS };
}

/** The resident memory of one process, in MB. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function usages(): Promise<Map<number, Usage>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const read = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
      if (stat === null) return [];
      // After the name, which may contain any character: state, parent, …, utime, stime, cutime, cstime.
      const fields = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
      const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
      const usage = {
        parent: fields[1] ?? 0,
        ownMs: (user + system) * TICK_MS,
        reapedMs: (childrenUser + childrenSystem) * TICK_MS,
      };
      return [[pid, usage] as const];
    }),
  );
  return new Map(read.flat());
}

function descends(pid: number, root: number, all: Map<number, Usage>): boolean {
  for (let at = pid; at > 0; at = all.get(at)?.parent ?? 0) {
    if (at === root) return true;
  }
  return false;
}
