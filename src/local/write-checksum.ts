import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checksumOf, readSqlFunctions } from "./sql-functions.ts";

/** What readiness compares with the database: the Worker cannot read the files. */
const CHECKSUM = join(import.meta.dirname, "../db/functions/checksum.json");

// Part of `npm run generate`. With `--check` nothing is written: it fails when the file is of other functions.
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const text = `${JSON.stringify({ checksum: checksumOf(await readSqlFunctions()) }, null, 2)}\n`;
if (!values.check) await writeFile(CHECKSUM, text);
else if ((await readFile(CHECKSUM, "utf8")) !== text) {
  console.error("src/db/functions/checksum.json is of other SQL functions: npm run generate");
  process.exitCode = 1;
}
