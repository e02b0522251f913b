import { join } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import {
  unstable_getMiniflareWorkerOptions as miniflareOptionsOf,
  unstable_readConfig as readConfig,
} from "wrangler";
import { testBindings } from "./support/bindings.ts";

const ROOT = join(import.meta.dirname, "..");
/** Tests of what runs in Node; all others run in workerd, so that no test is left out by where it lies. */
const IN_NODE = ["test/{local,node}/**/*.test.ts", "test/{layers,readme}.test.ts"];
/** Programs of their own, with scripts of their own. */
const APART = "test/{browser,bench,chaos}/**";

/**
 * Every call of the Worker under test passes through this one. It runs in workerd beside it, so that a connection that
 * fails looks to the Worker as it does in production; a function in Node would make an answer of it.
 */
const GATE = {
  name: "gate",
  compatibilityDate: "2026-08-01",
  modules: true,
  script: `export default {
    async fetch(request) {
      const { hostname } = new URL(request.url);
      if (hostname !== "127.0.0.1") throw new Error("Tests reach this machine alone, not " + hostname);
      return await fetch(request, { redirect: "manual" });
    },
  };`,
};

/**
 * The Worker as wrangler.toml describes it, less what wrangler adds from `.dev.vars` or `.env`: tests must not depend
 * on what a person has there, so of its variables only the file's own are taken.
 */
function describeWorker() {
  const config = readConfig({ config: join(ROOT, "wrangler.toml") }, { hideWarnings: true });
  const { main, workerOptions } = miniflareOptionsOf(config);
  if (!main) throw new Error("wrangler.toml names no main module.");
  return { main, workerOptions, vars: config.vars };
}

export default defineConfig({
  root: ROOT,
  // Several shards, for what goes wrong in one of them.
  define: { FAILPOINTS: "false", HEDGE_MS: "1500", MIN_SHARDS: "4" },
  test: {
    globalSetup: "test/global-setup.ts",
    // Each file of the Worker's tests has a runtime, and with it the objects' storage, to itself.
    isolate: true,
    maxWorkers: 2,
    retry: 0,
    // What is still logged while a file ends would otherwise fail the run: "Closing rpc while onUserConsoleLog was pending".
    disableConsoleIntercept: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        plugins: [
          cloudflareTest(({ inject }) => {
            const { main, workerOptions, vars } = describeWorker();
            return {
              main,
              // Otherwise workerd also writes down every failure that a test brings about on purpose.
              verbose: false,
              miniflare: {
                ...workerOptions,
                bindings: { ...vars, ...testBindings(inject("databaseUrl"), inject("graphUrl")) },
                outboundService: GATE.name,
                workers: [GATE],
              },
            };
          }),
        ],
        test: {
          name: "workers",
          include: ["test/**/*.test.ts"],
          exclude: [...IN_NODE, APART],
        },
      },
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          // The routes are read off the app, which is loaded here and asked for nothing that is the runtime's.
          alias: { "cloudflare:workers": join(ROOT, "test/node/no-runtime.ts") },
          include: IN_NODE,
        },
      },
    ],
  },
});
