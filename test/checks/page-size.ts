import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildPage } from "../../src/local/page-build.ts";

/** What each page loads first, by the module that it is loaded from: scripts alone, compressed. */
const BUDGETS_BYTES: Record<string, number> = {
  "index.html": 150_000,
  "inbox/inbox-page.tsx": 220_000,
  "settings/connect-page.tsx": 150_000,
  "settings/numbers-page.tsx": 150_000,
};

type Chunk = { file: string; imports?: string[] };

const dir = await mkdtemp(join(tmpdir(), "waba-page-"));
try {
  await buildPage(dir);
  const manifest = JSON.parse(await readFile(join(dir, ".vite/manifest.json"), "utf8")) as Record<
    string,
    Chunk
  >;
  for (const [page, budget] of Object.entries(BUDGETS_BYTES)) {
    const files = [...filesOf(["index.html", page], manifest)];
    const sizes = await Promise.all(
      files.map(async (file) => gzipSync(await readFile(join(dir, file))).length),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`${page} loads ${Math.round(bytes / 1000)} KB (gzip) of a budget of ${budget / 1000} KB.`);
    if (bytes < 50_000 || bytes > budget) process.exitCode = 1;
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}

/** The scripts that are loaded with these modules. */
function filesOf(modules: string[], manifest: Record<string, Chunk>, found = new Set<string>()): Set<string> {
  for (const module of modules) {
    const chunk = manifest[module];
    if (!chunk) throw new Error(`The build has no ${module}.`);
    if (found.has(chunk.file)) continue;
    found.add(chunk.file);
    filesOf(chunk.imports ?? [], manifest, found);
  }
  return found;
}
