import { databaseUrlOf } from "../config.ts";
import { askWithin, type Db } from "../db/client.ts";

/** Reads and marks wait for one another: a call that never ends would hold up all that come after. */
const DATABASE_LIMIT_MS = 5_000;

/** Asks the database, but not for ever. */
export async function askDatabase<Result>(env: Env, call: (db: Db) => Promise<Result>): Promise<Result> {
  return await askWithin(databaseUrlOf(env), DATABASE_LIMIT_MS, call);
}
