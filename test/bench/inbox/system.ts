import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { makeToken } from "../../../src/local/cli/token.ts";
import { loadDevVars } from "../../../src/local/dev-vars.ts";
import { startLocalMode } from "../../../src/local/local-mode.ts";
import { withClient } from "../../../src/local/with-client.ts";
import { freePorts } from "../../local/free-ports.ts";

const ROOT = join(import.meta.dirname, "../../..");

export type InboxSystem = {
  /** A page of the inbox in a tab of its own, signed in. */
  open(path: string): Promise<Page>;
  /** The tasks of the page's main thread while `work` runs, in milliseconds of its CPU: the clock also counts who else wants the core. */
  tasksOf(page: Page, work: () => Promise<void>): Promise<number[]>;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** A customer writes to phone 1. */
  say(phone: string, text: string): Promise<void>;
  close(): Promise<void>;
};

/** Of Chromium's traces; `tdur` is the thread's time in microseconds. */
type TraceEvent = { name: string; pid: number; tid: number; tdur?: number; args?: { name?: string } };

/** Local mode with the page, and Chromium (`CHROMIUM_PATH`). */
export async function startInboxSystem(): Promise<InboxSystem> {
  const root = await mkdtemp(join(tmpdir(), "waba-inbox-"));
  await chmod(root, 0o755);
  const ports = await freePorts();
  const devVarsPath = join(root, ".dev.vars");
  const vars = await loadDevVars(devVarsPath, ports);
  const local = await startLocalMode({
    configPath: join(ROOT, "wrangler.toml"),
    devVarsPath,
    distDir: join(root, "dist"),
    dataDir: join(root, ".local"),
    ports,
    fast: true,
    fresh: false,
    watchDir: null,
    hasPage: true,
    log: () => undefined,
    signal: new AbortController().signal,
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  const databaseUrl = `postgres://postgres:local@127.0.0.1:${ports.postgres}/waba`;
  return {
    async open(path) {
      const context = await browser.newContext({ baseURL: `http://127.0.0.1:${ports.worker}` });
      const page = await context.newPage();
      // The machine may have other work.
      page.setDefaultTimeout(120_000);
      const token = await makeToken(["--org", "1", "--sub", "anna", "--role", "admin"], vars, new Date());
      await page.goto(`${path}#token=${token}`);
      return page;
    },
    async tasksOf(page, work) {
      await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
      await work();
      const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as {
        traceEvents: TraceEvent[];
      };
      const mainThreads = new Set(
        traceEvents
          .filter(({ args }) => args?.name === "CrRendererMain")
          .map(({ pid, tid }) => `${pid} ${tid}`),
      );
      return traceEvents
        .filter(({ name, pid, tid }) => name === "RunTask" && mainThreads.has(`${pid} ${tid}`))
        .map(({ tdur = 0 }) => tdur / 1000);
    },
    sql: (text, values = []) =>
      withClient(databaseUrl, async (client) => (await client.query(text, values)).rows),
    async say(phone, text) {
      await fetch(`http://127.0.0.1:${ports.simulator}/simulator/customers/${phone}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ type: "text", text: { body: text } }),
      });
    },
    async close() {
      await browser.close();
      await local.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
