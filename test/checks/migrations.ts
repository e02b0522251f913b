import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, "../..");
const DRIZZLE_KIT = join(ROOT, "node_modules/.bin/drizzle-kit");

/** The snapshots that `npm run generate` would have removed: only the newest is compared with the tables. */
async function findOldSnapshots(): Promise<string[]> {
  const names = await readdir(join(ROOT, "drizzle/meta"));
  return names
    .filter((name) => name.endsWith("_snapshot.json"))
    .sort()
    .slice(0, -1);
}

/** The migrations that the tables need and drizzle/ does not have: generated in a copy of it. */
async function findMissingMigrations(): Promise<string[]> {
  const copy = await mkdtemp(join(tmpdir(), "waba-migrations-"));
  try {
    await cp(join(ROOT, "drizzle"), copy, { recursive: true });
    const before = await readdir(copy, { recursive: true });
    // drizzle-kit prepends "./" to the folder, so an absolute path would end up under the working directory.
    const out = relative(ROOT, copy);
    const flags = ["--dialect=postgresql", "--schema=src/db/*-tables.ts", `--out=${out}`];
    await run(DRIZZLE_KIT, ["generate", ...flags], { cwd: ROOT });
    const generated = (await readdir(copy, { recursive: true })).filter((path) => !before.includes(path));
    return await Promise.all(
      generated.filter((path) => path.endsWith(".sql")).map((path) => readFile(join(copy, path), "utf8")),
    );
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const oldSnapshots = await findOldSnapshots();
if (oldSnapshots.length > 0) {
  console.error(`drizzle/meta has old snapshots (npm run generate removes them): ${oldSnapshots.join(", ")}`);
  process.exitCode = 1;
}
const missing = await findMissingMigrations();
if (missing.length > 0) {
  console.error(`A migration is missing in drizzle/, run npm run generate:\n${missing.join("\n")}`);
  process.exitCode = 1;
}
