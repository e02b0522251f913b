import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../../src/local/worker-bundle.ts";

const ROOT = join(import.meta.dirname, "../..");
const WORKER = join(ROOT, "dist/worker");
/** Everything that the Worker loads before it can answer, as it is uploaded. */
const BUDGET_BYTES = 400_000;

// What an earlier build left there would be counted.
await rm(WORKER, { recursive: true, force: true });
const modules = await bundleWorker(join(ROOT, "wrangler.toml"), WORKER);
const sizes = await Promise.all(modules.map(async ({ path }) => gzipSync(await readFile(path)).length));
const bytes = sizes.reduce((sum, size) => sum + size, 0);
console.log(`The Worker is ${Math.round(bytes / 1000)} KB (gzip); its budget is ${BUDGET_BYTES / 1000} KB.`);
if (bytes === 0 || bytes > BUDGET_BYTES) process.exitCode = 1;
