import { env } from "cloudflare:workers";
import type { Committed } from "../../src/db/committed.ts";
import { publish } from "../../src/realtime/publish.ts";

/** Hands rooms and hubs what was committed, and waits until all have it. */
export async function publishNow(committed: Committed): Promise<void> {
  await Promise.all(publish(env, committed).map(({ done }) => done));
}
