import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Who is just writing has the lock for as long as the disk takes. */
const WAIT_MS = 40_000;

/** Makes the storage of all shards refuse writes; returns a function that ends that. Throws when no shard has a file. */
export async function lockSpools(dataDir: string): Promise<() => void> {
  return await lockFiles(dataDir, /Intake\/[^/]+\.sqlite$/);
}

/** Makes the bucket refuse writes; returns a function that ends that. Throws when nothing was ever in it. */
export async function lockBucket(dataDir: string): Promise<() => void> {
  return await lockFiles(dataDir, /R2BucketObject\/(?!metadata)[^/]+\.sqlite$/);
}

async function lockFiles(dataDir: string, pattern: RegExp): Promise<() => void> {
  const files = (await readdir(dataDir, { recursive: true })).filter((path) => pattern.test(path));
  const locked = files.map((path) => {
    const file = new DatabaseSync(join(dataDir, path), { timeout: WAIT_MS });
    file.exec("begin immediate");
    return file;
  });
  if (locked.length === 0) throw new Error(`no file is ${pattern}`);
  return () => {
    for (const file of locked) {
      file.exec("rollback");
      file.close();
    }
  };
}
