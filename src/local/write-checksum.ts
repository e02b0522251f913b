import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checksumOf, readSqlFunctions } from "./sql-functions.ts";

/** Readiness compares it with the database, since the Worker cannot read the SQL files. */
const CHECKSUM = join(import.meta.dirname, "../db/functions/checksum.json");

// Part of `npm run generate`. With `--check` it writes nothing, and fails when the file is outdated.
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const text = `${JSON.stringify({ checksum: checksumOf(await readSqlFunctions()) }, null, 2)}\n`;
if (!values.check) await writeFile(CHECKSUM, text);
else if ((await readFile(CHECKSUM, "utf8")) !== text) {
  console.error("src/db/functions/checksum.json does not match the SQL functions: run npm run generate");
  process.exitCode = 1;
}
