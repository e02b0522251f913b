import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, inject, it } from "vitest";
import { migrationState } from "../../src/db/health.ts";
import { migrate } from "../../src/local/migrate.ts";
import { applySqlFunctions, checksumOf, readSqlFunctions } from "../../src/local/sql-functions.ts";
import { withClient } from "../../src/local/with-client.ts";
import { directDb } from "../bench/data/observed-db.ts";
import { type OwnPostgres, startOwnPostgres } from "./own-postgres.ts";
import { newFolder } from "./temporary-folder.ts";

let postgres: OwnPostgres;
let databases = 0;

beforeAll(async () => {
  postgres = await startOwnPostgres();
}, 60_000);

afterAll(() => postgres.close());

/** Runs `work` with a new migrated database. */
async function withDatabase<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  databases += 1;
  const name = `functions_${databases}`;
  await withClient(postgres.url("postgres"), (client) =>
    client.query(`create database ${name} template ${inject("migratedDatabase")}`),
  );
  return await withClient(postgres.url(name), work);
}

/** Writes files of functions by path, and reads them as the migrator does. */
async function functionsOf(files: Record<string, string>) {
  const dir = await newFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return await readSqlFunctions(dir).finally(() => rm(dir, { recursive: true }));
}

const one = (body: string, parameter = "") =>
  `create or replace function one(${parameter}) returns int language sql as $$ select ${body} $$;\n`;

async function apply(client: pg.Client, files: Record<string, string>): Promise<number> {
  const functions = await functionsOf(files);
  await client.query("begin");
  const written = await applySqlFunctions(client, functions);
  await client.query("commit");
  return written;
}

async function answer(client: pg.Client, sql: string): Promise<unknown> {
  return (await client.query<{ answer: unknown }>(`select ${sql} as answer`)).rows[0]?.answer;
}

describe("the SQL functions", () => {
  it("are one per file, start with a comment on their input and result, and have at most 80 lines", async ({
    expect,
  }) => {
    const functions = await readSqlFunctions();
    expect(functions.length).toBeGreaterThan(50);
    expect(functions.filter(({ text }) => text.trimEnd().split("\n").length > 80)).toEqual([]);
    expect(functions.filter(({ text }) => !text.startsWith("-- ")).map(({ name }) => name)).toEqual([]);
  });

  it("are replaced when they change, and only then", async ({ expect }) => {
    await withDatabase(async (client) => {
      const others = Object.fromEntries(
        (await readSqlFunctions()).map(({ name, text }) => [`${name}.sql`, text]),
      );
      expect(await apply(client, { ...others, "a/one.sql": one("1") })).toBe(1);
      expect(await apply(client, { ...others, "b/one.sql": one("1") })).toBe(0);
      expect(await apply(client, { ...others, "a/one.sql": one("2") })).toBe(1);
      expect(await answer(client, "one()")).toBe(2);
    });
  });

  it("can change their parameters without leaving an overload", async ({ expect }) => {
    await withDatabase(async (client) => {
      const others = Object.fromEntries(
        (await readSqlFunctions()).map(({ name, text }) => [`${name}.sql`, text]),
      );
      await apply(client, { ...others, "one.sql": one("1", "a int") });
      await apply(client, { ...others, "one.sql": one("b", "b int, c int default 0") });
      expect(await answer(client, "one(7)")).toBe(7);
      expect(await answer(client, "(select count(*)::int from pg_proc where proname = 'one')")).toBe(1);
    });
  });

  it("are dropped when their file is removed", async ({ expect }) => {
    await withDatabase(async (client) => {
      const others = Object.fromEntries(
        (await readSqlFunctions()).map(({ name, text }) => [`${name}.sql`, text]),
      );
      await apply(client, { ...others, "one.sql": one("1") });
      expect(await apply(client, others)).toBe(1);
      await expect(answer(client, "one()")).rejects.toThrow("does not exist");
    });
  });

  it("are rejected when two files define the same name, or a file another name than its own", async ({
    expect,
  }) => {
    await expect(functionsOf({ "a/one.sql": one("1"), "b/one.sql": one("2") })).rejects.toThrow("Two files");
    await expect(functionsOf({ "two.sql": one("1") })).rejects.toThrow("must define the function two");
    await expect(functionsOf({ "one.sql": one("1") + one("2", "a int") })).rejects.toThrow("no other");
  });

  it("are compared by readiness, with the same checksum in SQL and in TypeScript", async ({ expect }) => {
    await withDatabase(async (client) => {
      expect(await migrationState(directDb(client))).toMatchObject({ hasFunctions: true });
      await client.query("update drizzle.sql_functions set checksum = 'another' where name = 'ingest'");
      expect(await migrationState(directDb(client))).toMatchObject({ hasFunctions: false });
    });
    expect(checksumOf(await readSqlFunctions())).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a database of another version", () => {
  it("is rejected with advice, and stays unchanged", async ({ expect }) => {
    await postgres.createDatabase("another");
    const url = postgres.url("another");
    await migrate(url);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("update drizzle.__drizzle_migrations set hash = 'another' where id = 1");
    await expect(migrate(url)).rejects.toThrow("npm run dev -- --fresh");
    expect(await answer(client, `(select count(*)::int from "Organization")`)).toBe(1);
    await client.end();
  });
});
