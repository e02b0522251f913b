import { errorName, log } from "../log.ts";
import { fetchAllDue } from "../media/hand-over.ts";

/** Called by the schedule: has every file fetched that is due and whose fetcher may have died. Never fails. */
export async function lookAfterFiles(env: Env): Promise<void> {
  try {
    await fetchAllDue(env);
  } catch (error) {
    log("request_failed", { route: "look after files", error: errorName(error) });
  }
}
