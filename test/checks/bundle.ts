import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../../src/local/worker-bundle.ts";
import { failpointNames, failpointsIn } from "./failpoints.ts";

const ROOT = join(import.meta.dirname, "../..");
const WORKER = join(ROOT, "dist/worker");
/** For all modules of the upload, compressed. */
const BUDGET_BYTES = 400_000;

// Modules of an earlier build must not be counted.
await rm(WORKER, { recursive: true, force: true });
const modules = await bundleWorker(join(ROOT, "wrangler.toml"), WORKER);
const contents = await Promise.all(modules.map(({ path }) => readFile(path)));
const bytes = contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
console.log(`The Worker has ${Math.round(bytes / 1000)} KB (gzip) of a budget of ${BUDGET_BYTES / 1000} KB.`);
if (bytes === 0 || bytes > BUDGET_BYTES) process.exitCode = 1;

const names = await failpointNames();
const remaining = contents.flatMap((content) => failpointsIn(content.toString(), names));
console.log(
  `It contains ${remaining.length === 0 ? "none" : remaining.join(", ")} of ${names.length} failpoints.`,
);
if (names.length === 0 || remaining.length > 0) process.exitCode = 1;
