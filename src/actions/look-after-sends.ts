import { lookAfterAll } from "../sending/hand-over.ts";

/** Called by the schedule: has every message looked after that has not come to rest and whose Sender may have died. */
export async function lookAfterSends(env: Env): Promise<void> {
  await lookAfterAll(env);
}
