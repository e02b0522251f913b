import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checksumOf, readSqlFunctions } from "./sql-functions.ts";

/** What readiness compares with the database: the Worker cannot read the files. */
const CHECKSUM = join(import.meta.dirname, "../../drizzle/meta/functions.json");

const checksum = checksumOf(await readSqlFunctions());
await writeFile(CHECKSUM, `${JSON.stringify({ checksum }, null, 2)}\n`);
console.log(`The SQL functions have the checksum ${checksum}.`);
