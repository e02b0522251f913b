import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { spoolStates } from "../../src/intake/shards.ts";

const LIMIT_MS = 40_000;

/**
 * Resolves once no shard's spool holds anything. A 200 of the webhook promises that events are durable, not that they are
 * in Postgres: on a busy machine they may be spooled first. A test that then reads waits here.
 */
export async function allStored(): Promise<void> {
  await vi.waitFor(
    async () => {
      const waiting = (await spoolStates(env)).filter(({ depth, imports }) => depth + imports > 0);
      if (waiting.length > 0) throw new Error(`still spooled: ${JSON.stringify(waiting)}`);
    },
    { timeout: LIMIT_MS, interval: 50 },
  );
}
