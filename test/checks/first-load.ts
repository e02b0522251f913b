import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

type Chunk = { file: string; imports?: string[] };

/** What a page cannot be shown without, and loads beside itself. */
const BESIDE: Record<string, string[]> = { "inbox/inbox-page.tsx": ["inbox/inbox-host.tsx"] };

/** The bytes of the scripts that a built page in `dir` loads first, compressed. `module`: where the page is loaded from. */
export async function firstLoadBytes(dir: string, module: string): Promise<number> {
  const manifest = JSON.parse(await readFile(join(dir, ".vite/manifest.json"), "utf8")) as Record<
    string,
    Chunk
  >;
  const files = [...filesOf(["index.html", module, ...(BESIDE[module] ?? [])], manifest)];
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(join(dir, file))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
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
