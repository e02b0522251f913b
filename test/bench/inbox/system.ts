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
  /** A page of the inbox in a tab of its own, signed in, in which long tasks are recorded from the first script on. */
  open(path: string): Promise<Page>;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** A customer writes to phone 1. */
  say(phone: string, text: string): Promise<void>;
  close(): Promise<void>;
};

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
    args: ["--no-sandbox", "--enable-precise-memory-info"],
  });
  const databaseUrl = `postgres://postgres:local@127.0.0.1:${ports.postgres}/waba`;
  return {
    async open(path) {
      const context = await browser.newContext({ baseURL: `http://127.0.0.1:${ports.worker}` });
      await context.addInitScript(() => {
        const longTasksMs: number[] = [];
        Object.assign(globalThis, { longTasksMs });
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) longTasksMs.push(duration);
        }).observe({ type: "longtask", buffered: true });
      });
      const page = await context.newPage();
      const token = await makeToken(["--org", "1", "--sub", "anna", "--role", "admin"], vars, new Date());
      await page.goto(`${path}#token=${token}`);
      return page;
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
