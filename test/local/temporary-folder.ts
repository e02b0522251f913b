import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that another user may enter (as root, Postgres' user), removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await newFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The same for a whole test file, which has to remove it. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "waba-edge-"));
  await chmod(folder, 0o755);
  return folder;
}
