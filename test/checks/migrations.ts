import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, "../..");
const DRIZZLE_KIT = join(ROOT, "node_modules/.bin/drizzle-kit");

/** Whether drizzle/ is what the schema asks for: generated once more, in a copy, it must make nothing new. */
async function findMissingMigrations(): Promise<string[]> {
  const copy = await mkdtemp(join(tmpdir(), "waba-migrations-"));
  try {
    await cp(join(ROOT, "drizzle"), copy, { recursive: true });
    const before = await readdir(copy, { recursive: true });
    // It puts "./" before the folder, so an absolute one would land under the working directory.
    const out = relative(ROOT, copy);
    const flags = ["--dialect=postgresql", "--schema=src/db/*-tables.ts", `--out=${out}`];
    await run(DRIZZLE_KIT, ["generate", ...flags], { cwd: ROOT });
    const made = (await readdir(copy, { recursive: true })).filter((path) => !before.includes(path));
    return await Promise.all(
      made.filter((path) => path.endsWith(".sql")).map((path) => readFile(join(copy, path), "utf8")),
    );
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const missing = await findMissingMigrations();
if (missing.length > 0) {
  console.error(
    `The schema asks for a migration that is not in drizzle/ (npm run generate):\n${missing.join("\n")}`,
  );
  process.exitCode = 1;
}
