import { spoolStates } from "../intake/hand-in.ts";
import { errorName, log } from "../log.ts";
import { waitingBefore } from "../sending/hand-over.ts";

const SPOOLED_MS = 5 * 60_000;
const QUEUED_MS = 2 * 60_000;

/** Called by the schedule: logs a line for what waits longer than it ever should. Never fails. */
export async function noticeStuck(env: Env, now: Date): Promise<void> {
  await Promise.all([
    noticed("spool", async () => {
      const old = (await spoolStates(env)).filter(
        ({ oldestAtMs }) => oldestAtMs !== null && oldestAtMs < now.getTime() - SPOOLED_MS,
      );
      return old.reduce((sum, { depth }) => sum + depth, 0);
    }),
    noticed("queued", () => waitingBefore(env, new Date(now.getTime() - QUEUED_MS))),
  ]);
}

async function noticed(code: string, countOf: () => Promise<number>): Promise<void> {
  try {
    const count = await countOf();
    if (count > 0) log("stuck", { code, count });
  } catch (error) {
    log("stuck", { code, error: errorName(error) });
  }
}
