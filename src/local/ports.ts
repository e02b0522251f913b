import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { commandOf } from "./processes.ts";

/** The code of the state LISTEN in /proc/net/tcp. */
const LISTEN = "0A";

export type Listener = { pid: number; command: string };

/**
 * One line for each port of 127.0.0.1 that is in use, such as "port 8787 is taken by node (pid 123)"; empty when all are
 * free. Checks all ports, so that one message names every conflict.
 */
export async function describeTakenPorts(ports: number[]): Promise<string[]> {
  const lines = await Promise.all(
    ports.map(async (port) => {
      if (await canListen(port)) return null;
      const listener = await findListener(port);
      return `port ${port} is taken by ${listener ? `${listener.command} (pid ${listener.pid})` : "a process of another user"}`;
    }),
  );
  return lines.filter((line) => line !== null);
}

/** The process that listens on a port; null when there is none, or when it belongs to another user and is hidden. */
export async function findListener(port: number): Promise<Listener | null> {
  const pid = process.platform === "linux" ? await pidByProc(port) : await pidByLsof(port);
  if (pid === null) return null;
  return { pid, command: (await commandOf(pid)) ?? "an unknown program" };
}

/** A port that was free at the time of the call. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Linux lists a listener's socket by its inode; the process is the one that has this inode open. */
async function pidByProc(port: number): Promise<number | null> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = tables
    .flatMap((table) => table.split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTEN)
    .map((columns) => `socket:[${columns[9]}]`);
  if (inodes.length === 0) return null;

  // Who is looked for has mostly just been started, and by this process: to read what every process has open takes long.
  const children = await readFile(`/proc/self/task/${process.pid}/children`, "utf8").catch(() => "");
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const newestFirst = all.sort((a, b) => Number(b) - Number(a));
  for (const pid of new Set([...(children.match(/\d+/g) ?? []), ...newestFirst])) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(files.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
    if (targets.some((target) => inodes.includes(target))) return Number(pid);
  }
  return null;
}

function pidByLsof(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    execFile("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"], (_error, out) => {
      resolve(Number.parseInt(out, 10) || null);
    });
  });
}
