import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../../src/local/worker-bundle.ts";
import { failpointNames, failpointsIn } from "./failpoints.ts";

const ROOT = join(import.meta.dirname, "../..");
const WORKER = join(ROOT, "dist/worker");
/** Everything that the Worker loads before it can answer, as it is uploaded. */
const BUDGET_BYTES = 400_000;

// What an earlier build left there would be counted.
await rm(WORKER, { recursive: true, force: true });
const modules = await bundleWorker(join(ROOT, "wrangler.toml"), WORKER);
const contents = await Promise.all(modules.map(({ path }) => readFile(path)));
const bytes = contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
console.log(`The Worker is ${Math.round(bytes / 1000)} KB (gzip); its budget is ${BUDGET_BYTES / 1000} KB.`);
if (bytes === 0 || bytes > BUDGET_BYTES) process.exitCode = 1;

const names = await failpointNames();
const left = contents.flatMap((content) => failpointsIn(content.toString(), names));
console.log(`Of ${names.length} failpoints it has ${left.length === 0 ? "none" : left.join(", ")}.`);
if (names.length === 0 || left.length > 0) process.exitCode = 1;
