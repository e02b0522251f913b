import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Who is just writing has the lock for as long as the disk takes. */
const WAIT_MS = 40_000;
const BUCKET = /R2BucketObject\/(?!metadata)[^/]+\.sqlite$/;

/** Makes the storage of all shards refuse writes; returns a function that ends that. Throws when no shard has a file. */
export async function lockSpools(dataDir: string): Promise<() => void> {
  return await lockFiles(dataDir, /Intake\/[^/]+\.sqlite$/);
}

/** Makes the bucket refuse writes; returns a function that ends that. Throws when nothing was ever in it. */
export async function lockBucket(dataDir: string): Promise<() => void> {
  return await lockFiles(dataDir, BUCKET);
}

/** The keys of all objects in the bucket. */
export async function bucketKeys(dataDir: string): Promise<string[]> {
  const files = await filesIn(dataDir, BUCKET);
  return files.flatMap((path) => {
    const file = new DatabaseSync(path, { timeout: WAIT_MS, readOnly: true });
    const rows = file.prepare("select key from _mf_objects order by key").all() as { key: string }[];
    file.close();
    return rows.map(({ key }) => key);
  });
}

async function filesIn(dataDir: string, pattern: RegExp): Promise<string[]> {
  const paths = await readdir(dataDir, { recursive: true });
  return paths.filter((path) => pattern.test(path)).map((path) => join(dataDir, path));
}

async function lockFiles(dataDir: string, pattern: RegExp): Promise<() => void> {
  const locked = (await filesIn(dataDir, pattern)).map((path) => {
    const file = new DatabaseSync(path, { timeout: WAIT_MS });
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
