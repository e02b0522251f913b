import { setTimeout as sleep } from "node:timers/promises";
import { withClient } from "../../../src/local/with-client.ts";
import type { System } from "../systems/system.ts";

const POLL_MS = 100;
/** Between two statements all connections may be idle for a moment. */
const QUIET_POLLS = 5;
const LIMIT_MS = 120_000;

/**
 * Waits until no connection of a system runs a statement. One that answers before it stores works on after its round, at the cost of
 * the system whose round is next. Throws after two minutes.
 */
export async function waitForRest({ name, databaseUrl }: System): Promise<void> {
  const startedAtMs = performance.now();
  await withClient(databaseUrl, async (client) => {
    for (let quiet = 0; quiet < QUIET_POLLS; ) {
      const { rows } = await client.query(
        `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
           and backend_type = 'client backend' and state <> 'idle' limit 1`,
      );
      quiet = rows.length === 0 ? quiet + 1 : 0;
      if (performance.now() - startedAtMs > LIMIT_MS) throw new Error(`${name} does not come to rest.`);
      await sleep(POLL_MS);
    }
  });
}
