import { databaseUrlOf } from "../config.ts";
import { askWithin, type Db } from "../db/client.ts";

/** A call that never ends would hold up all that its chat has to say, for as long as the Sender lives. */
const DATABASE_LIMIT_MS = 5_000;
/** The same where a file may be uploaded between two calls: by then it is too late to send. */
export const FILE_LIMIT_MS = 30_000;

/** Asks the database, but not for ever: what is given up may still be committed. */
export async function askDatabase<Result>(
  env: Env,
  call: (db: Db) => Promise<Result>,
  limitMs = DATABASE_LIMIT_MS,
): Promise<Result> {
  return await askWithin(databaseUrlOf(env), limitMs, call);
}
