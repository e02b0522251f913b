import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { makeToken } from "../../../src/local/cli/token.ts";
import { loadDevVars } from "../../../src/local/dev-vars.ts";
import { startLocalMode } from "../../../src/local/local-mode.ts";
import { withClient } from "../../../src/local/with-client.ts";
import { freePorts } from "../../local/free-ports.ts";
import { tasksOf } from "./tasks.ts";

const ROOT = join(import.meta.dirname, "../../..");

export type InboxSystem = {
  /** A page of the inbox in a tab of its own, signed in. */
  open(path: string): Promise<Page>;
  /** See `tasksOf` of tasks.ts. */
  tasksOf(page: Page, work: () => Promise<void>): Promise<number[]>;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** A customer writes to phone 1. */
  say(phone: string, text: string): Promise<void>;
  /** The chat with a customer who has written. */
  chatOf(phone: string): Promise<number>;
  /** Where the built page is. */
  pageDir: string;
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
    args: ["--no-sandbox"],
  });
  const databaseUrl = `postgres://postgres:local@127.0.0.1:${ports.postgres}/waba`;
  const sql: InboxSystem["sql"] = (text, values = []) =>
    withClient(databaseUrl, async (client) => (await client.query(text, values)).rows);
  return {
    pageDir: join(root, ".local/page"),
    sql,
    async open(path) {
      const context = await browser.newContext({ baseURL: `http://127.0.0.1:${ports.worker}` });
      const page = await context.newPage();
      // The machine may have other work.
      page.setDefaultTimeout(120_000);
      const token = await makeToken(["--org", "1", "--sub", "anna", "--role", "admin"], vars, new Date());
      await page.goto(`${path}#token=${token}`);
      return page;
    },
    tasksOf: (page, work) => tasksOf(browser, page, work),
    async say(phone, text) {
      const answer = await fetch(
        `http://127.0.0.1:${ports.simulator}/simulator/customers/${phone}/messages`,
        {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ type: "text", text: { body: text } }),
        },
      );
      if (!answer.ok) throw new Error(`The simulator answers ${answer.status}: ${await answer.text()}`);
    },
    async chatOf(phone) {
      const find = `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = $1`;
      for (;;) {
        const [chat] = await sql(find, [phone]);
        if (chat) return Number(chat.id);
      }
    },
    async close() {
      await browser.close();
      await local.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
