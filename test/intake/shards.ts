import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { onTestFinished } from "vitest";

/**
 * As many as submit.ts starts with. Tests do not depend on which of them handles an event. Stubs of now: those to objects that have
 * been reset since (`support/shared-runtime.ts`) are broken.
 */
export const shards = () => [0, 1, 2, 3].map((shard) => env.INTAKE.getByName(`shard-${shard}`));
// Port 9 (discard) is closed on a machine that runs tests.
export const AWAY = { DATABASE_URL: "postgres://postgres:test@127.0.0.1:9/waba" };

/** Runs the shards' alarms until none is set. */
export async function drain(): Promise<void> {
  for (const shard of shards()) while (await runDurableObjectAlarm(shard));
}

export async function spoolDepth(): Promise<number> {
  const states = await Promise.all(shards().map((shard) => shard.spoolState()));
  return states.reduce((sum, { depth }) => sum + depth, 0);
}

/** Evicts the shards, and with them their circuit breakers' state. */
export async function forget(): Promise<void> {
  for (const shard of shards()) {
    // Only a running object can be evicted.
    await shard.spoolState();
    await evictDurableObject(shard);
  }
}

/** Replaces bindings of all shards until the returned function is called or the test ends. */
export async function give(bindings: Record<string, unknown>): Promise<() => Promise<void>> {
  const set = async (given: object) => {
    for (const shard of shards())
      await runInDurableObject(shard, (intake) => void Object.assign(intake, { env: given }));
  };
  const restore = () => set(env);
  await set({ ...env, ...bindings });
  onTestFinished(restore);
  return restore;
}

/** Renames a table of the spools. */
export async function rename(from: string, to: string): Promise<void> {
  for (const shard of shards()) {
    const sql = `ALTER TABLE ${from} RENAME TO ${to}`;
    await runInDurableObject(shard, (_, state) => void state.storage.sql.exec(sql));
  }
}
