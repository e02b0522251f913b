import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/**
 * What must hold besides the tests, each a command that says why when it fails. A compiler of several threads checks what they share once
 * in each, which doubles its CPU.
 */
const CHECKS = {
  "types of the Worker and its tests": "tsc --singleThreaded -p test/tsconfig.json",
  "types of the page": "tsc --singleThreaded -p src/web/tsconfig.json",
  "types of local mode and tests in Node": "tsc --singleThreaded -p test/node.tsconfig.json",
  "format, lint and layers": "biome ci --error-on-warnings --colors=off .",
  "layer rules": "node test/checks/layers-table.ts --check",
  "nothing unused": "knip --no-progress",
  "nothing that only tests use": "knip --production --no-progress",
  "types of the environment":
    "wrangler types src/env.d.ts --env-file .dev.vars.example --include-runtime=false --check",
  "migrations fit together": "drizzle-kit check --config drizzle/config.ts",
  "migrations fit the schema": "node test/checks/migrations.ts",
  "checksum of the SQL functions": "node src/local/write-checksum.ts --check",
  "the API's document": "redocly lint docs/openapi.json --config test/checks/redocly.yaml",
  "size of the Worker": "node test/checks/bundle.ts",
  "size of the page": "node test/checks/page-size.ts",
};

/** Our own programs, on our own Node, which keeps what it has compiled; nothing asks the network for newer versions. */
const ENV = {
  ...process.env,
  NODE_COMPILE_CACHE: join(ROOT, "node_modules/.cache/node"),
  PATH: [join(ROOT, "node_modules/.bin"), process.env.PATH].join(delimiter),
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
};

type Outcome = { code: number | null; output: string };

async function run(command: string): Promise<Outcome> {
  const [program = "", ...args] = command.split(" ");
  return await new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, env: ENV, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => resolve({ code: null, output: error.message }));
    child.once("close", (code) => resolve({ code, output }));
  });
}

const waiting = Object.entries(CHECKS);
const failed: string[] = [];

/** Runs one check after the other while any waits. All are run, so that one run shows all that is wrong. */
async function runWaiting(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, command] = next;
    const startedAt = performance.now();
    const { code, output } = await run(command);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
    if (code === 0) continue;
    failed.push(name);
    console.log(`\n$ ${command}\n${output.trim()}\n`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join("; ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
