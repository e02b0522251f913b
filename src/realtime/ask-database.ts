import { databaseUrlOf } from "../config.ts";
import { connectUntil, type Db } from "../db/client.ts";

/** Reads and marks wait for one another: a call that never ends would hold up all that come after. */
const DATABASE_LIMIT_MS = 5_000;

/** Asks the database, but not for ever. The timer ends with the call: an object does not hibernate while one runs. */
export async function askDatabase<Result>(env: Env, call: (db: Db) => Promise<Result>): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), DATABASE_LIMIT_MS);
  try {
    return await call(connectUntil(databaseUrlOf(env), limit.signal));
  } finally {
    clearTimeout(timer);
  }
}
