import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeToken } from "../../src/local/cli/token.ts";
import { loadDevVars } from "../../src/local/dev-vars.ts";
import { startLocalMode } from "../../src/local/local-mode.ts";
import { freePorts } from "../local/free-ports.ts";

// `npm run clients`: lints docs/openapi.json with Spectral, generates a client from it, compiles that under strict settings, and
// has it list, send, upload, download and fail against local mode. Outside CI: it installs 110 MB of tools into a folder of its own,
// among them Spectral's 200 packages and a compiler of version 5, whose API the generator needs.

const ROOT = join(import.meta.dirname, "../..");
const DOCUMENT = join(ROOT, "docs/openapi.json");
const TOOLS = {
  "@hey-api/openapi-ts": "0.99.0",
  "@stoplight/spectral-cli": "6.16.3",
  "@types/node": "24.19.2",
  typescript: "5.9.3",
};
const STRICT = {
  compilerOptions: {
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    target: "es2024",
    lib: ["es2024", "dom", "dom.iterable"],
    module: "nodenext",
    types: ["node"],
  },
  include: ["happy-path.mts", "generated"],
};
const GENERATOR = {
  input: DOCUMENT,
  output: { path: "generated", importFileExtension: ".ts" },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};

async function run(folder: string, program: string, ...args: string[]): Promise<void> {
  const child = spawn(program, args, { cwd: folder, stdio: "inherit" });
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ""} ended with ${String(code)}.`);
}

async function startWorker(folder: string) {
  const ports = await freePorts();
  const devVarsPath = join(folder, ".dev.vars");
  const vars = await loadDevVars(devVarsPath, ports);
  const local = await startLocalMode({
    configPath: join(ROOT, "wrangler.toml"),
    devVarsPath,
    distDir: join(folder, "dist"),
    dataDir: join(folder, ".local"),
    ports,
    fresh: false,
    watchDir: null,
    hasPage: false,
    log: () => undefined,
    signal: new AbortController().signal,
  });
  const token = await makeToken(["--org", "1", "--sub", "anna", "--role", "admin"], vars, new Date());
  const host = "http://127.0.0.1";
  return {
    args: [`${host}:${ports.worker}`, token, `${host}:${ports.simulator}`],
    close: () => local.close(),
  };
}

const folder = await mkdtemp(join(tmpdir(), "waba-clients-"));
try {
  const files = {
    "package.json": { private: true, type: "module", dependencies: TOOLS },
    "tsconfig.json": STRICT,
    "generator.json": GENERATOR,
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content));
  await writeFile(
    join(folder, "openapi-ts.config.mjs"),
    `export { default } from "./generator.json" with { type: "json" };`,
  );
  await cp(join(import.meta.dirname, "happy-path.mts"), join(folder, "happy-path.mts"));
  await run(folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent");

  const tool = (path: string, ...args: string[]) =>
    run(folder, process.execPath, join(folder, "node_modules", path), ...args);
  const ruleset = join(import.meta.dirname, "spectral.yaml");
  await tool(
    "@stoplight/spectral-cli/dist/index.js",
    "lint",
    DOCUMENT,
    "-r",
    ruleset,
    "--fail-severity",
    "hint",
  );
  await tool("@hey-api/openapi-ts/bin/run.js");
  await tool("typescript/bin/tsc", "-p", folder);
  const worker = await startWorker(folder);
  try {
    await run(folder, process.execPath, "happy-path.mts", ...worker.args);
  } finally {
    await worker.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
