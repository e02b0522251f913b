import { execFile } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { loadWrangler } from "./wrangler.ts";

const run = promisify(execFile);
const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
  "bin/wrangler.js",
);

/** No banner, usage report or version check. */
const QUIET = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

const MODULE_TYPES = {
  ".js": "ESModule",
  ".wasm": "CompiledWasm",
  ".bin": "Data",
  ".txt": "Text",
  ".html": "Text",
  ".sql": "Text",
} as const;

export type WorkerModule = { type: (typeof MODULE_TYPES)[keyof typeof MODULE_TYPES]; path: string };

/**
 * Builds a wrangler.toml's Worker into `outDir` as a deployment would, and returns its modules, the entry first. `define`
 * overrides the file's constants. Throws with wrangler's output when the build fails.
 */
export async function bundleWorker(
  configPath: string,
  outDir: string,
  define: Record<string, string> = {},
): Promise<WorkerModule[]> {
  const defined = Object.entries(define).flatMap(([name, value]) => ["--define", `${name}:${value}`]);
  const flags = ["deploy", "--dry-run", "--config", configPath, "--outdir", outDir, ...defined];
  // Modules of an earlier build must not be mistaken for this one's.
  await rm(outDir, { recursive: true, force: true });
  const { assets } = loadWrangler().unstable_readConfig({ config: configPath }, { hideWarnings: true });
  // Wrangler refuses to bundle while the folder is missing.
  if (assets?.directory) await mkdir(resolve(dirname(configPath), assets.directory), { recursive: true });
  try {
    await run(process.execPath, [WRANGLER, ...flags], {
      env: { ...process.env, ...QUIET },
      cwd: dirname(configPath),
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`The Worker does not build:\n${(stderr || stdout).trim()}`);
  }
  return await modulesIn(outDir);
}

/**
 * The modules of a Worker that `bundleWorker` has built into this folder, the entry first.
 * @internal
 */
export async function modulesIn(outDir: string): Promise<WorkerModule[]> {
  const modules = (await readdir(outDir, { recursive: true })).flatMap((name) => {
    const type = MODULE_TYPES[extname(name) as keyof typeof MODULE_TYPES];
    return type ? [{ type, path: join(outDir, name) }] : [];
  });
  const entry = join(outDir, "index.js");
  return modules.sort((a, b) => Number(b.path === entry) - Number(a.path === entry));
}
