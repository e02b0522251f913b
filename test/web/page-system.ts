import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, type ExpectStatic, inject } from "vitest";
import { makeToken } from "../../src/local/cli/token.ts";
import { loadDevVars } from "../../src/local/dev-vars.ts";
import { type LocalMode, type LocalModeOptions, startLocalMode } from "../../src/local/local-mode.ts";
import { buildPage } from "../../src/local/page-build.ts";
import { copyCluster } from "../local/copy-cluster.ts";
import { freePorts } from "../local/free-ports.ts";
import { newFolder } from "../local/temporary-folder.ts";
import { buildOnce, workerBuiltOnce } from "../node/build-once.ts";
import { launchBrowser } from "./browser.ts";

const ROOT = join(import.meta.dirname, "../..");

export type Running = {
  /** The Worker with the page, and the simulator. */
  origin: string;
  simulator: string;
  databaseUrl: string;
  /** What local mode has printed, the Worker's log among it. */
  logged(): string[];
  browser: Browser;
  /** A browser with a microphone, started when first asked for. */
  recordingBrowser(): Promise<Browser>;
  /** A token of organization 1 for a demo agent, or for anybody else. */
  tokenFor(sub: string, more?: string[]): Promise<string>;
  close(): Promise<void>;
};

/** Local mode with the page, and a browser, for all tests of a file. */
export function pageSystem(options: Pick<LocalModeOptions, "hasDemoChats"> = {}): Running {
  let running: Running | null = null;
  beforeAll(async () => {
    running = await startAll(options);
  }, 300_000);
  afterAll(() => running?.close());
  return new Proxy({} as Running, {
    get: (_, name: keyof Running) => {
      if (!running) throw new Error("Local mode does not run yet.");
      return running[name];
    },
  });
}

async function startAll(options: Pick<LocalModeOptions, "hasDemoChats">): Promise<Running> {
  const root = await newFolder();
  const ports = await freePorts();
  const devVarsPath = join(root, ".dev.vars");
  const vars = await loadDevVars(devVarsPath, ports);
  const dataDir = join(root, ".local");
  await copyCluster(inject("clusterDir"), join(dataDir, "postgres"));
  const worker = workerBuiltOnce();
  const lines: string[] = [];
  const local: LocalMode = await startLocalMode({
    configPath: join(ROOT, "wrangler.toml"),
    devVarsPath,
    distDir: worker.distDir,
    buildWorker: worker.build,
    buildPage: copyPage,
    dataDir,
    ports,
    fast: true,
    fresh: false,
    watchDir: null,
    hasPage: true,
    ...options,
    log: (line) => {
      lines.push(line);
      // A page that could not connect is explained by this.
      if (line.includes(" exited")) console.warn(line);
    },
    signal: new AbortController().signal,
  });
  const browser = await launchBrowser();
  let recordingBrowser: Promise<Browser> | null = null;
  return {
    origin: `http://127.0.0.1:${ports.worker}`,
    simulator: `http://127.0.0.1:${ports.simulator}`,
    logged: () => lines,
    databaseUrl: `postgres://postgres:local@127.0.0.1:${ports.postgres}/waba`,
    browser,
    recordingBrowser: () => {
      recordingBrowser ??= launchBrowser({ recordsSound: true });
      return recordingBrowser;
    },
    tokenFor: (sub, more = []) =>
      makeToken(["--org", "1", "--sub", sub, "--role", "admin", ...more], vars, new Date()),
    async close() {
      await browser.close();
      await (await recordingBrowser)?.close();
      await local.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function copyPage(outDir: string): Promise<void> {
  const built = join(inject("bundlesDir"), "page");
  await buildOnce(built, () => buildPage(built));
  await cp(built, outDir, { recursive: true });
}

/** What every test of the page ends with: no request went to another host, and nothing was written to the console. */
export function expectQuiet(
  { foreign, logged }: { foreign: string[]; logged: string[] },
  expect: ExpectStatic,
) {
  expect(foreign).toEqual([]);
  expect(logged).toEqual([]);
}
