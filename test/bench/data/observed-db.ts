import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import type { Db } from "../../../src/db/client.ts";
import type { PlanNode, Statement } from "./plan-problems.ts";

export type ObservedDb = {
  /** Runs the call and returns every statement that Postgres executed for it, inner statements first. */
  observe<Result>(call: (db: Db) => Promise<Result>): Promise<{ result: Result; statements: Statement[] }>;
  close(): Promise<void>;
};

/** A session that reports the executed plan of every statement, including those inside functions. */
export async function observedDb(url: string, { generic = false } = {}): Promise<ObservedDb> {
  const client = new pg.Client(url);
  let statements: Statement[] = [];
  client.on("notice", ({ message = "" }) => {
    const [, json] = /^duration: .*plan:\n(.*)$/s.exec(message) ?? [];
    if (!json) return;
    const { "Query Text": text, Plan: plan } = JSON.parse(json) as { "Query Text": string; Plan: PlanNode };
    statements.push({ text, plan });
  });
  await client.connect();
  await client.query("load 'auto_explain'");
  for (const [name, value] of Object.entries({
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
    // After a few calls functions use a generic plan, so that plan must be good too.
    plan_cache_mode: generic ? "force_generic_plan" : "auto",
  })) {
    await client.query(`set ${name} = ${value}`);
  }
  const db = directDb(client);
  return {
    observe: async (call) => {
      statements = [];
      const result = await call(db);
      return { result, statements };
    },
    close: () => client.end(),
  };
}

/**
 * A `Db` over one connection with Postgres' wire protocol. The product's functions use only what both drivers have, and `batch`,
 * which here makes a transaction of its queries as Neon does.
 */
export function directDb(client: pg.Client): Db {
  const db = drizzle(client);
  const batch = async (queries: PromiseLike<unknown>[]) => {
    await client.query("begin");
    try {
      const results: unknown[] = [];
      for (const query of queries) results.push(await query);
      await client.query("commit");
      return results;
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  };
  return Object.assign(db, { batch }) as unknown as Db;
}
