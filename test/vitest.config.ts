import { join } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import {
  unstable_getMiniflareWorkerOptions as miniflareOptionsOf,
  unstable_readConfig as readConfig,
} from "wrangler";
import { bundledSource } from "./node/bundled-source.ts";
import { testBindings } from "./support/bindings.ts";
import { PATIENT } from "./support/patient.ts";

const ROOT = join(import.meta.dirname, "..");

/**
 * A test file's name or folder says where it runs, and each is in one project:
 *
 * - `x.test.ts`: plain Node, all files in shared threads. What reaches the platform fails to load there.
 * - `x.worker.test.ts`: in workerd, which files share one after the other: what modules remember carries over, objects do not.
 * - `x.isolated.test.ts`: in a workerd of its own, which costs three seconds of CPU.
 * - `local/`, `node/` and directly in `web/`: in Node processes, which files share one after the other, for tests that start processes or
 *   take databases for themselves.
 */
const PROJECTS = {
  node: { include: ["test/{local,node}/**/*.test.ts", "test/web/*.test.ts"], exclude: [] },
  isolated: { include: ["test/**/*.isolated.test.ts"], exclude: ["test/{local,node,web}/**"] },
  worker: { include: ["test/**/*.worker.test.ts"], exclude: ["test/{local,node,web}/**"] },
  unit: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/{local,node}/**", "test/web/*.test.ts", "test/**/*.{worker,isolated}.test.ts"],
  },
};

const NO_PLATFORM = join(ROOT, "test/support/no-platform.ts");

/**
 * The Worker as wrangler.toml describes it, less what wrangler adds from `.dev.vars` or `.env`: tests must not depend
 * on what a person has there, so of its variables only the file's own are taken.
 */
function describeWorker() {
  const config = readConfig({ config: join(ROOT, "wrangler.toml") }, { hideWarnings: true });
  const { main, workerOptions } = miniflareOptionsOf(config);
  if (!main) throw new Error("wrangler.toml names no main module.");
  // No test in workerd asks for the page, whose files need a build.
  const { assets: _, ...withoutPage } = workerOptions;
  return { main, workerOptions: withoutPage, vars: config.vars };
}

const WITH_BROWSER = /\/test\/web\/[^/]+\.test\.ts$/;
/** How many other files two lanes get done while the other two have one with a browser each. */
const MEANWHILE = 10;
/** Among the first: what takes a minute or more, and what looks at every number of the database, of which there are few then. */
const FIRST = [
  /\/test\/web\/inbox-/,
  WITH_BROWSER,
  /\/schedule\.worker\.test\.ts$/,
  /\/local-mode\.test\.ts$/,
];

/**
 * Runs the projects in their order: a runtime that files share ends when the next file is of another project. A browser keeps a core
 * busy, while most files in Node wait for processes, so those of browsers come two at a time and the others beside them.
 */
class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const names = Object.keys(PROJECTS);
    const place = ({ moduleId, project }: TestSpecification) => {
      const first = project.name === "unit" ? -1 : FIRST.findIndex((pattern) => pattern.test(moduleId));
      return first === -1 ? FIRST.length + names.indexOf(project.name) : first;
    };
    const sorted = (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
    const browsers = sorted.filter(({ moduleId }) => WITH_BROWSER.test(moduleId));
    const others = sorted.filter((file) => !browsers.includes(file));
    const [one = [], ...more] = browsers.map((file, n) =>
      n === 0 ? [file] : [file, ...others.splice(0, MEANWHILE)],
    );
    return [...one, ...more.flat(), ...others];
  }
}

/** The tests' settings in every project. They do not extend the root's, or each would run the global set-up again. Each gets its own
 * object: Vitest deletes what it has read of `define`. */
const common = () => ({
  root: ROOT,
  // Several shards, for what goes wrong in one of them.
  define: { FAILPOINTS: "false", ...PATIENT, MIN_SHARDS: "4", WRITE_DELAY_MS: "20" },
});
const commonTest = {
  retry: 0,
  testTimeout: 90_000,
  hookTimeout: 120_000,
  // What is waited for takes longer on a busy machine.
  expect: { poll: { timeout: 60_000 } },
  // What is still logged while a file ends would otherwise fail the run: "Closing rpc while onUserConsoleLog was pending".
  disableConsoleIntercept: true,
};

const workerdTest = {
  setupFiles: [
    "test/support/shallow-classes.ts",
    "test/support/main-module.ts",
    "test/support/begin-test.ts",
  ],
};

function workerd() {
  return cloudflareTest(({ inject }) => {
    const { main, workerOptions, vars } = describeWorker();
    return {
      main,
      // Otherwise workerd also writes down every failure that a test brings about on purpose.
      verbose: false,
      miniflare: {
        ...workerOptions,
        bindings: { ...vars, ...testBindings(inject("databaseUrl"), inject("graphUrl")) },
      },
    };
  });
}

export default defineConfig({
  ...common(),
  test: {
    globalSetup: "test/global-setup.ts",
    // Two more than the cores of a small machine: workerd, Postgres, browsers and killed processes are mostly waited for.
    maxWorkers: 4,
    sequence: { sequencer: ByProject },
    projects: [
      {
        ...common(),
        test: {
          ...commonTest,
          ...PROJECTS.node,
          name: "node",
          isolate: false,
          // The routes are read off the app, which is loaded here and asked for nothing that is the runtime's.
          alias: { "cloudflare:workers": join(ROOT, "test/node/no-runtime.ts") },
        },
      },
      {
        ...common(),
        plugins: [bundledSource(common().define), workerd()],
        test: { ...commonTest, ...workerdTest, ...PROJECTS.isolated, name: "isolated" },
      },
      {
        ...common(),
        plugins: [bundledSource(common().define), workerd()],
        test: {
          ...commonTest,
          ...PROJECTS.worker,
          name: "worker",
          isolate: false,
          setupFiles: [...workerdTest.setupFiles, "test/support/fresh-start.ts"],
        },
      },
      {
        ...common(),
        test: {
          ...commonTest,
          ...PROJECTS.unit,
          name: "unit",
          pool: "threads",
          isolate: false,
          alias: {
            "cloudflare:test": NO_PLATFORM,
            "cloudflare:workers": NO_PLATFORM,
            "@neondatabase/serverless": NO_PLATFORM,
          },
        },
      },
    ],
  },
});
