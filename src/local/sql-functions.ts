import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type pg from "pg";

const FUNCTIONS = join(import.meta.dirname, "../db/functions");

/** One file of `src/db/functions`: a function with the file's name, and the triggers that call it. */
export type SqlFunction = { name: string; text: string; checksum: string };

/**
 * Reads every SQL function, ordered by name. Throws when a file defines a function with another name, or when two files
 * define the same name: Postgres would keep both, and calls would be ambiguous (42725).
 */
export async function readSqlFunctions(folder = FUNCTIONS): Promise<SqlFunction[]> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".sql"));
  const functions = await Promise.all(paths.map((path) => readSqlFunction(join(folder, path))));
  functions.sort((a, b) => (a.name < b.name ? -1 : 1));
  const duplicate = functions.find(({ name }, i) => functions[i + 1]?.name === name);
  if (duplicate) throw new Error(`Two files define the SQL function ${duplicate.name}.`);
  return functions;
}

async function readSqlFunction(path: string): Promise<SqlFunction> {
  const text = await readFile(path, "utf8");
  const name = basename(path, ".sql");
  const defined = [...text.matchAll(/^create or replace function (\w+)\(/gm)].map((match) => match[1]);
  if (defined.length !== 1 || defined[0] !== name) {
    throw new Error(`${path} must define the function ${name}, and no other.`);
  }
  return { name, text, checksum: createHash("sha256").update(text).digest("hex") };
}

/** The checksum of all functions, which readiness compares. `db/health.ts` computes the same in SQL. */
export function checksumOf(functions: SqlFunction[]): string {
  const lines = functions.map(({ name, checksum }) => `${name} ${checksum}`);
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

/**
 * Drops the functions that no longer exist and replaces those whose text changed, in the caller's transaction, after the
 * migrations. Returns how many it dropped or replaced.
 */
export async function applySqlFunctions(client: pg.Client, functions: SqlFunction[]): Promise<number> {
  await client.query(`create table if not exists drizzle.sql_functions (
    name text primary key, checksum text not null, "appliedAt" timestamptz not null default now())`);
  const { rows } = await client.query<Pick<SqlFunction, "name" | "checksum">>(
    "select name, checksum from drizzle.sql_functions",
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const changed = functions.filter(({ name, checksum }) => applied.get(name) !== checksum);
  const removed = [...applied.keys()].filter((name) => functions.every((each) => each.name !== name));
  // A body may call a function that is created later.
  await client.query("set local check_function_bodies = off");
  for (const name of removed) await dropFunction(client, name);
  for (const { name, text, checksum } of changed) {
    // `create or replace` rejects a renamed parameter (42P13), and with a new parameter it would add a second function.
    if (!/\breturns trigger\b/.test(text)) await dropFunction(client, name);
    await client.query(text);
    await client.query(
      `insert into drizzle.sql_functions (name, checksum) values ($1, $2)
       on conflict (name) do update set checksum = excluded.checksum, "appliedAt" = now()`,
      [name, checksum],
    );
  }
  return changed.length + removed.length;
}

/** Also drops the triggers that call it. */
async function dropFunction(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop function if exists "${name}" cascade`);
  await client.query("delete from drizzle.sql_functions where name = $1", [name]);
}
