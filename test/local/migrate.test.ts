import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, inject, it } from "vitest";
import { addDemoData } from "../../src/local/demo-data.ts";
import { directUrl, migrate, newEpoch } from "../../src/local/migrate.ts";
import { withClient } from "../../src/local/with-client.ts";
import { type OwnPostgres, startOwnPostgres } from "./own-postgres.ts";

const COMMAND = join(import.meta.dirname, "../../src/local/migrate.ts");

let postgres: OwnPostgres;

beforeAll(async () => {
  postgres = await startOwnPostgres();
}, 60_000);

afterAll(() => postgres.close());

async function emptyDatabase(name: string): Promise<string> {
  await postgres.createDatabase(name);
  return postgres.url(name);
}

async function migratedDatabase(name: string): Promise<string> {
  await ask(postgres.url("postgres"), `create database ${name} template ${inject("migratedDatabase")}`);
  return postgres.url(name);
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  return await withClient(url, async (client) => (await client.query(sql)).rows);
}

function runMigrate(url: string | undefined, ...args: string[]) {
  const { DATABASE_URL: _, ...env } = process.env;
  return spawnSync(process.execPath, [COMMAND, ...args], {
    encoding: "utf8",
    env: url ? { ...env, DATABASE_URL: url } : env,
  });
}

describe("migrating", () => {
  it("migrates an empty database, and changes nothing the second time", async ({ expect }) => {
    const url = await emptyDatabase("twice");
    await migrate(url);
    const applied = await ask(url, "select * from drizzle.__drizzle_migrations");
    expect(applied.length).toBeGreaterThan(0);
    expect(await ask(url, 'select id from "Organization"')).toEqual([{ id: 1 }]);
    await migrate(url);
    expect(await ask(url, "select * from drizzle.__drizzle_migrations")).toEqual(applied);
  });

  it("makes times come in ISO style, whatever the style of the database or the role", async ({ expect }) => {
    const url = await emptyDatabase("german");
    await ask(url, "alter database german set datestyle = 'German, DMY'");
    const shown = () => ask(url, "select to_timestamp(0)::text as at, current_setting('DateStyle') as style");
    expect(await shown()).toMatchObject([{ style: "German, DMY" }]);
    await migrate(url);
    expect(await shown()).toMatchObject([
      { at: expect.stringMatching(/^(1970-01-01|1969-12-31) /), style: "ISO, MDY" },
    ]);
    await ask(url, "alter database german set datestyle = 'SQL, DMY'");
    expect(await shown()).toMatchObject([{ style: "ISO, MDY" }]);
  });

  it("gives the sessions what the SQL functions rely on, whatever the database has", async ({ expect }) => {
    const url = await emptyDatabase("odd");
    await ask(url, "create schema app");
    const odd = {
      default_transaction_isolation: "serializable",
      standard_conforming_strings: "off",
      timezone: "Asia/Kolkata",
      array_nulls: "off",
      transform_null_equals: "on",
      statement_timeout: "50ms",
    };
    for (const [name, value] of Object.entries(odd))
      await ask(url, `alter database odd set ${name} = '${value}'`);
    await ask(url, "alter database odd set search_path = app, public");
    await migrate(url);
    await ask(url, "alter database odd set search_path = app");
    expect(await ask(url, `select to_regclass('public."Message"') is not null as there`)).toEqual([
      { there: true },
    ]);
    const shown = async (name: string) => Object.values((await ask(url, `show ${name}`))[0] ?? {})[0];
    expect(await shown("transaction_isolation")).toBe("read committed");
    expect(await shown("timezone")).toBe("UTC");
    // A limit is the owner's to set.
    expect(await shown("statement_timeout")).toBe("50ms");
    const found = await withClient(url, async (client) => {
      await client.query("set statement_timeout = 0");
      return (await client.query("select grouped_numbers('№ 48 213') as numbers, null = null as same")).rows;
    });
    expect(found).toEqual([{ numbers: ["48213"], same: null }]);
  });

  it("is done once by four runs that start together", async ({ expect }) => {
    const url = await emptyDatabase("together");
    await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)]);
    expect(await ask(url, 'select id from "Organization"')).toEqual([{ id: 1 }]);
  });

  it("sets a new random epoch on request", async ({ expect }) => {
    const url = await migratedDatabase("epoch");
    const before = await ask(url, 'select epoch from "Epoch"');
    const made = await newEpoch(url);
    expect(made).toMatch(/^[0-9a-f]{32}$/);
    expect(before).not.toEqual([{ epoch: made }]);
    expect(await ask(url, 'select epoch from "Epoch"')).toEqual([{ epoch: made }]);
  });

  it("connects to Neon's server, not its pooler, and verifies certificates", ({ expect }) => {
    const pooled =
      "postgres://u:p@ep-a-b-pooler.eu-central-1.aws.neon.tech/db?sslmode=require&channel_binding=require";
    const direct =
      "postgres://u:p@ep-a-b.eu-central-1.aws.neon.tech/db?sslmode=verify-full&channel_binding=require";
    expect(directUrl(pooled)).toBe(direct);
    expect(directUrl("postgres://u:p@127.0.0.1:5433/waba")).toBe("postgres://u:p@127.0.0.1:5433/waba");
  });
});

describe("the migrate command", () => {
  it("migrates, sets a new epoch with --new-epoch, and prints it", async ({ expect }) => {
    const url = await emptyDatabase("command");
    const { status, stdout } = runMigrate(url, "--new-epoch");
    expect(status).toBe(0);
    const [row] = await ask(url, 'select epoch from "Epoch"');
    expect(row).toEqual({ epoch: /New epoch: (\w+)/.exec(stdout)?.[1] });
  });

  it.for([
    ["nothing to migrate", undefined, "DATABASE_URL is not set"],
    ["no address", "hunter2", "DATABASE_URL is not a connection string"],
    ["nobody there", "postgres://me:hunter2@127.0.0.1:1/waba", "ECONNREFUSED"],
  ] as const)(
    "prints a plain error when there is %s, without the password",
    ([, url, reason], { expect }) => {
      const { status, stdout, stderr } = runMigrate(url);
      expect(status).toBe(1);
      expect(stderr).toContain(reason);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stdout + stderr).not.toContain("hunter2");
    },
  );

  it("prints Postgres' reason, not the statement", async ({ expect }) => {
    const url = await emptyDatabase("occupied");
    await ask(url, 'create table "Organization" (id int)');
    const { status, stderr } = runMigrate(url);
    expect([status, stderr]).toEqual([1, 'Migrating failed: relation "Organization" already exists\n']);
  });
});

describe("the demo data", () => {
  it("is added once, however often it runs, and keeps an operator's changes", async ({ expect }) => {
    const url = await migratedDatabase("demo");
    await addDemoData(url);
    await ask(url, `update "OrganizationPhone" set name = 'Mine', "wabaAccessToken" = 'EAAx' where id = 1`);
    await addDemoData(url);
    expect(
      await ask(url, 'select id, name, "wabaAccessToken", "wabaPhoneNumberId" from "OrganizationPhone"'),
    ).toEqual([{ id: 1, name: "Mine", wabaAccessToken: "EAAx", wabaPhoneNumberId: "987654321098765" }]);
    expect(await ask(url, 'select "organizationId", sub, role from "Agent" order by sub')).toEqual([
      { organizationId: 1, sub: "anna", role: "admin" },
      { organizationId: 1, sub: "oleg", role: "agent" },
    ]);
    expect(await ask(url, 'select id from "Organization" order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("leaves the next id for the next row", async ({ expect }) => {
    const url = await migratedDatabase("next");
    await addDemoData(url);
    expect(await ask(url, `insert into "Organization" (name) values ('New') returning id`)).toEqual([
      { id: 3 },
    ]);
    const phone = `insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "connectionType",
      "createdAt", "updatedAt") values (1, 'Second', '79001234568', 'waba', now(), now()) returning id`;
    expect(await ask(url, phone)).toEqual([{ id: 2 }]);
    await addDemoData(url);
    expect(await ask(url, `insert into "Organization" (name) values ('More') returning id`)).toEqual([
      { id: 4 },
    ]);
  });
});
