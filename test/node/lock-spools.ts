import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A shard that is just writing has the lock for as long as the disk takes. */
const WAIT_MS = 5_000;

/** Takes the write lock on the files of all shards' storage; gives the end of that. Throws when no shard has a file. */
export async function lockSpools(dataDir: string): Promise<() => void> {
  const files = (await readdir(dataDir, { recursive: true })).filter((path) =>
    /Intake\/[^/]+\.sqlite$/.test(path),
  );
  const locked = files.map((path) => {
    const file = new DatabaseSync(join(dataDir, path), { timeout: WAIT_MS });
    file.exec("begin immediate");
    return file;
  });
  if (locked.length === 0) throw new Error("no shard has a file");
  return () => {
    for (const file of locked) {
      file.exec("rollback");
      file.close();
    }
  };
}
