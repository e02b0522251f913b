import { errorName, log } from "../log.ts";
import { lookAfterAll } from "../sending/hand-over.ts";

/**
 * Called by the schedule: has every message looked after that has not come to rest and whose Sender may have died. Never
 * fails: while Postgres is away nobody can be asked, and the next minute comes.
 */
export async function lookAfterSends(env: Env): Promise<void> {
  try {
    await lookAfterAll(env);
  } catch (error) {
    log("request_failed", { route: "look after sends", error: errorName(error) });
  }
}
